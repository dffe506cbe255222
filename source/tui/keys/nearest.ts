/** Letters that must be typed otherwise to make one text the other. */
const distance = (left: string, right: string): number => {
	let previous = Array.from({length: right.length + 1}, (_, index) => index);
	for (const [row, character] of [...left].entries()) {
		const current = [row + 1];
		for (const [column, other] of [...right].entries()) {
			const replaced = previous[column]! + Number(character !== other);
			current.push(Math.min(replaced, previous[column + 1]! + 1, current[column]! + 1));
		}

		previous = current;
	}

	return previous.at(-1) ?? 0;
};

const longest = 40;

/** The name somebody may have meant; undefined where none is near. */
export const nearestName = (typed: string, names: readonly string[]): string | undefined => {
	if (typed.length > longest) {
		return undefined;
	}

	const begun = names.find(name => typed.length >= 2 && name.startsWith(typed));
	const ranked = names.map(name => ({name, away: distance(typed, name)})).toSorted((left, right) => left.away - right.away);
	const [best] = ranked;
	return begun ?? (best !== undefined && best.away <= Math.max(1, Math.floor(typed.length / 3)) ? best.name : undefined);
};
