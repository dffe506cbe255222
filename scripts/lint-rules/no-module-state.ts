import type {Rule, Scope} from 'eslint';

const mutators: ReadonlySet<string> = new Set([
	'set', 'add', 'delete', 'clear', 'push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin',
]);

type Chain = {readonly type: string; readonly parent?: Chain; readonly object?: unknown; readonly left?: unknown; readonly argument?: unknown;
	readonly callee?: unknown; readonly property?: {readonly name?: string}; readonly operator?: string;};

/** Whether this use of a variable changes what it holds: `x.set(…)`, `x[i] = …`, `x.n++`, `delete x.y`. */
const isMutation = (identifier: Chain): boolean => {
	const member = identifier.parent;
	if (member?.type !== 'MemberExpression' || member.object !== identifier) {
		return false;
	}

	const user = member.parent;
	if (user === undefined) {
		return false;
	}

	return (user.type === 'AssignmentExpression' && user.left === member)
		|| (user.type === 'UpdateExpression')
		|| (user.type === 'UnaryExpression' && user.operator === 'delete')
		|| (user.type === 'CallExpression' && user.callee === member && mutators.has(member.property?.name ?? ''));
};

const containers: ReadonlySet<string> = new Set(['NewExpression', 'ArrayExpression', 'ObjectExpression']);

/** No state outside functions: no top-level `let`, no top-level container that the file changes. */
export const noModuleState: Rule.RuleModule = {
	meta: {type: 'problem', schema: []},
	create(context) {
		const checkVariable = (variable: Scope.Variable): void => {
			const definition = variable.defs[0];
			if (definition?.type !== 'Variable') {
				return;
			}

			if (definition.parent.kind === 'let' || definition.parent.kind === 'var') {
				context.report({node: definition.name, message: `module state: ${variable.name} outlives every caller; keep it where it is used`});
				return;
			}

			const mutation = variable.references.find(reference => isMutation(reference.identifier as unknown as Chain));
			if (mutation !== undefined && containers.has(definition.node.init?.type ?? '')) {
				context.report({node: mutation.identifier, message: `module state: ${variable.name} is changed here; create it in a function`});
			}
		};

		return {
			'Program:exit'(node) {
				const scope = context.sourceCode.getScope(node);
				const moduleScope = scope.childScopes.find(child => child.type === 'module') ?? scope;
				for (const variable of moduleScope.variables) {
					checkVariable(variable);
				}
			},
		};
	},
};
