import type {HeaderLines} from '../model/operation.js';

/** First value of a header, by its lower-cased name. */
export const headerValue = (lines: HeaderLines, lowerCaseName: string): string | undefined => {
	for (const [name, value] of lines) {
		if (name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) {
			return value;
		}
	}

	return undefined;
};
