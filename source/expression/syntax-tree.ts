import type {ASTNode} from '@marcbachmann/cel-js';

/** The nodes right below a node. */
export const childrenOf = (node: ASTNode): readonly ASTNode[] => {
	if (node.op === 'value' || node.op === 'id') {
		return [];
	}

	if (node.op === '.' || node.op === '.?') {
		return [node.args[0]];
	}

	if (node.op === 'call') {
		return node.args[1];
	}

	if (node.op === 'rcall') {
		return [node.args[1], ...node.args[2]];
	}

	if (node.op === 'map') {
		return node.args.flat();
	}

	return node.op === '!_' || node.op === '-_' ? [node.args] : node.args;
};

/** A node and how many comprehensions (`all`, `exists`, `map`, …) it stands in. */
export type PlacedNode = {readonly node: ASTNode; readonly comprehensions: number};

const comprehensions: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter']);

/** Every node of a tree, parents first. */
export const nodesOf = (root: ASTNode): readonly PlacedNode[] => {
	const nodes: PlacedNode[] = [];
	const pending: PlacedNode[] = [{node: root, comprehensions: 0}];
	for (let placed = pending.pop(); placed !== undefined; placed = pending.pop()) {
		nodes.push(placed);
		const {node} = placed;
		const inner = placed.comprehensions + (node.op === 'rcall' && comprehensions.has(node.args[0]) ? 1 : 0);
		for (const child of childrenOf(node)) {
			pending.push({node: child, comprehensions: inner});
		}
	}

	return nodes;
};
