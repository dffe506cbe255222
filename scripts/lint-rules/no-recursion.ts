import type {Rule, Scope} from 'eslint';

type FunctionNode = Rule.Node & {readonly type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression'};
type Call = {readonly from: FunctionNode; readonly to: FunctionNode; readonly node: Rule.Node; readonly name: string};

const isFunction = (node: {readonly type: string} | null | undefined): node is FunctionNode => // eslint-disable-line @typescript-eslint/no-restricted-types -- ESTree
	node?.type === 'FunctionDeclaration' || node?.type === 'FunctionExpression' || node?.type === 'ArrowFunctionExpression';

/** A function handed to one of these runs later, on an empty stack. */
const schedulers: ReadonlySet<string> = new Set(['setTimeout', 'setImmediate', 'setInterval', 'queueMicrotask', 'nextTick']);
/** Methods that call what they are given at once. */
const iterators: ReadonlySet<string> = new Set([
	'map', 'forEach', 'flatMap', 'filter', 'some', 'every', 'find', 'findIndex', 'findLast', 'reduce', 'reduceRight', 'sort', 'toSorted', 'from',
]);

const calledName = (callee: {readonly type: string}): string => {
	const named = callee as {readonly type: string; readonly name?: string; readonly property?: {readonly name?: string}};
	return named.type === 'Identifier' ? named.name ?? '' : named.property?.name ?? '';
};

const isScheduled = (node: Rule.Node): boolean => {
	const user: Rule.Node | null = node.parent; // eslint-disable-line @typescript-eslint/no-restricted-types -- ESTree
	return user?.type === 'CallExpression' && user.callee !== node && schedulers.has(calledName(user.callee));
};

/** Functions around a node that run when it runs, innermost first. */
const enclosingFunctions = (node: Rule.Node): readonly FunctionNode[] => {
	const found: FunctionNode[] = [];
	let outer: Rule.Node | null = node.parent; // eslint-disable-line @typescript-eslint/no-restricted-types -- ESTree
	while (outer !== null) {
		if (isFunction(outer)) {
			found.push(outer);
			if (isScheduled(outer)) {
				break;
			}
		}

		outer = outer.parent;
	}

	return found;
};

const resolveVariable = (scope: Scope.Scope, name: string): Scope.Variable | undefined => {
	let current: Scope.Scope | null = scope; // eslint-disable-line @typescript-eslint/no-restricted-types -- ESTree
	while (current !== null) {
		const variable = current.set.get(name);
		if (variable !== undefined) {
			return variable;
		}

		current = current.upper;
	}

	return undefined;
};

type Member = {readonly key?: {readonly name?: string; readonly value?: unknown}; readonly value?: Rule.Node};

const memberFunction = (members: readonly unknown[], name: string): FunctionNode | undefined => {
	const member = (members as readonly Member[]).find(({key}) => key?.name === name || key?.value === name);
	return isFunction(member?.value) ? member.value : undefined;
};

const definitionOf = (variable: Scope.Variable | undefined): Rule.Node | undefined => {
	const definition = variable?.defs[0];
	if (definition?.type === 'FunctionName') {
		return definition.node as Rule.Node;
	}

	if (definition?.type !== 'Variable') {
		return undefined;
	}

	const node = definition.node as Rule.Node & {readonly init?: Rule.Node | null; readonly id?: unknown}; // eslint-disable-line @typescript-eslint/no-restricted-types -- ESTree
	return node.id === definition.name ? node.init ?? undefined : undefined;
};

/** Members of the class or object literal whose method a node is in: what `this.name()` can mean. */
const membersOfThis = (node: Rule.Node): readonly unknown[] => {
	let outer: Rule.Node | null = node.parent; // eslint-disable-line @typescript-eslint/no-restricted-types -- ESTree
	while (outer !== null) {
		if (outer.type === 'ClassBody') {
			return outer.body;
		}

		if (outer.type === 'ObjectExpression') {
			return outer.properties;
		}

		outer = outer.parent;
	}

	return [];
};

/** The function a callee names, as far as one file shows. */
const resolveCallee = (scope: Scope.Scope, callee: Rule.Node): FunctionNode | undefined => {
	if (callee.type === 'Identifier') {
		const definition = definitionOf(resolveVariable(scope, callee.name));
		return isFunction(definition) ? definition : undefined;
	}

	if (callee.type !== 'MemberExpression') {
		return undefined;
	}

	if (callee.object.type === 'ThisExpression') {
		return memberFunction(membersOfThis(callee), calledName(callee));
	}

	if (callee.object.type !== 'Identifier') {
		return undefined;
	}

	const owner = definitionOf(resolveVariable(scope, callee.object.name));
	return owner?.type === 'ObjectExpression' ? memberFunction(owner.properties, calledName(callee)) : undefined;
};

/** Whether `to` reaches `from` over the calls. */
const canReach = (calls: readonly Call[], from: FunctionNode, to: FunctionNode): boolean => {
	const seen = new Set<FunctionNode>();
	const waiting = [from];
	while (waiting.length > 0) {
		const current = waiting.pop();
		if (current === to) {
			return true;
		}

		if (current === undefined || seen.has(current)) {
			continue;
		}

		seen.add(current);
		waiting.push(...calls.filter(call => call.from === current).map(call => call.to));
	}

	return false;
};

/** No function calls itself, directly or through others of its file. Walks use an explicit stack. */
export const noRecursion: Rule.RuleModule = {
	meta: {type: 'problem', schema: []},
	create(context) {
		const calls: Call[] = [];
		const record = (node: Rule.Node, callee: Rule.Node): void => {
			const to = resolveCallee(context.sourceCode.getScope(node), callee);
			if (to === undefined) {
				return;
			}

			for (const from of enclosingFunctions(node)) {
				calls.push({
					from, to, node, name: calledName(callee),
				});
			}
		};

		return {
			CallExpression(node) {
				record(node, node.callee as Rule.Node);
				const callback = node.arguments[0];
				if (callback !== undefined && node.callee.type === 'MemberExpression' && iterators.has(calledName(node.callee))) {
					record(node, (calledName(node.callee) === 'from' ? node.arguments[1] ?? callback : callback) as Rule.Node);
				}
			},
			NewExpression(node) {
				record(node, node.callee as Rule.Node);
			},
			'Program:exit'() {
				const reported = new Set<Rule.Node>();
				for (const call of calls) {
					if (reported.has(call.node) || !canReach(calls, call.to, call.from)) {
						continue;
					}

					reported.add(call.node);
					context.report({node: call.node, message: `recursion: ${call.name} comes back to the function that calls it; use an explicit stack`});
				}
			},
		};
	},
};
