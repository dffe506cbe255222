import {Buffer} from 'node:buffer';

/** What follows each CSI in what an app wrote: `31m`, `?25h`, … */
export const controlSequences = (written: string): readonly string[] => written.split('\u{1B}[').slice(1);

/** What an app put into the terminal's clipboard (OSC 52), in order; undefined where it is not plain base64. */
export const clipboardTexts = (written: string): ReadonlyArray<string | undefined> => written.split('\u{1B}]52;c;').slice(1).map(part => {
	const [encoded = ''] = part.split('\u{7}', 1);
	return /^[\w+\/=]+$/v.test(encoded) ? Buffer.from(encoded, 'base64').toString() : undefined;
});
