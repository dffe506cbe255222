/** A longer element is skipped: the largest list an apiserver answers with is shorter. */
export const maximumSliceBytes = 128 * 1024 * 1024;

/**
Which elements of JSON text are cut out. `outer`: keys from the root to the array of elements; undefined: the text is a sequence of values, or of arrays of
them. `inner`: keys inside an element to an array whose elements come one by one and are left out of it. `firstKeys`: where every element begins with the same
one of these, which nothing inside elements begins with, an element that is cut off is told from the next.
*/
export type SplitPlan = {
	readonly outer: readonly string[] | undefined;
	readonly inner: readonly string[];
	readonly firstKeys: readonly string[];
	/** Default: `maximumSliceBytes`. */
	readonly maximumBytes?: number;
};

/**
A piece of the text. `number` counts elements from 1; `line` is where it begins, from 1. Bytes are valid until the next `push`. Of something broken they are
what there is of it, without its inner elements; `size` is what it took of the text; `isCut`: the text ended in it.
*/
export type Split = {readonly number: number; readonly line: number; readonly bytes: Uint8Array; readonly isInner: boolean}
	& ({readonly isBroken: false} | {readonly isBroken: true; readonly reason: string; readonly size: number; readonly isCut: boolean});
