import type {Rule} from 'eslint';

const message = 'a loop without an end: bound it by a collection, or by a named limit that is checked and reported';

/** No `while (true)`, no `for (;;)`: every loop says what ends it. */
export const boundedLoops: Rule.RuleModule = {
	meta: {type: 'problem', schema: []},
	create(context) {
		const check = (node: Rule.Node, test: {readonly type: string; readonly value?: unknown} | null | undefined): void => { // eslint-disable-line @typescript-eslint/no-restricted-types -- ESTree
			const isEndless = test === undefined || test === null || (test.type === 'Literal' && Boolean(test.value));
			if (isEndless) {
				context.report({node, message});
			}
		};

		return {
			WhileStatement(node) {
				check(node, node.test);
			},
			DoWhileStatement(node) {
				check(node, node.test);
			},
			ForStatement(node) {
				check(node, node.test);
			},
		};
	},
};
