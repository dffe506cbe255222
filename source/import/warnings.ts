/** What a person is told of a file that is not all right: at most so many lines, the rest counted. */
export type Warnings = {
	add(line: string): void;
	/** Something could not be read, or is missing. */
	lose(line: string): void;
	/** The same of the file as a whole: it comes first, and always. */
	loseRest(line: string): void;
	readonly isComplete: boolean;
	list(): readonly string[];
};

export const defaultMaximumWarnings = 20;

export const createWarnings = (maximum: number): Warnings => {
	const first: string[] = [];
	const lines: string[] = [];
	let further = 0;
	let isComplete = true;

	const add = (line: string): void => {
		if (lines.length < maximum) {
			lines.push(line);
		} else {
			further++;
		}
	};

	return {
		add,
		lose(line) {
			isComplete = false;
			add(line);
		},
		loseRest(line) {
			isComplete = false;
			first.push(line);
		},
		get isComplete() {
			return isComplete;
		},
		list: () => [...first, ...lines, ...(further === 0 ? [] : [`and ${further} more like these`])],
	};
};
