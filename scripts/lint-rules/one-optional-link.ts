import type {Rule} from 'eslint';

/** Data from outside is parsed at the border: `a?.b?.c` reaches too deep. */
export const oneOptionalLink: Rule.RuleModule = {
	meta: {type: 'problem', schema: []},
	create: context => ({
		ChainExpression(node) {
			let links = 0;
			let inner: unknown = node.expression;
			while (typeof inner === 'object' && inner !== null && 'type' in inner) {
				const part = inner as {type: string; optional?: boolean; object?: unknown; callee?: unknown; expression?: unknown};
				links += part.optional === true ? 1 : 0;
				inner = part.object ?? part.callee ?? (part.type === 'TSNonNullExpression' ? part.expression : undefined);
			}

			if (links > 1) {
				context.report({node, message: `${links} optional links in one chain: parse the data into a type of ours first`});
			}
		},
	}),
};
