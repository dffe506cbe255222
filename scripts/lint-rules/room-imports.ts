import path from 'node:path';
import type {Rule} from 'eslint';
import {allowedImports, faceImports, roomOf} from './rooms.ts';

const resolveImport = (from: string, specifier: unknown): string | undefined =>
	typeof specifier === 'string' && specifier.startsWith('.') ? path.resolve(path.dirname(from), specifier) : undefined;

/** Why `file` may not import `target`, or undefined. */
const objection = (file: string, target: string): string | undefined => {
	const from = roomOf(file);
	if (from === undefined) {
		return undefined;
	}

	if (path.basename(target) === 'package.json') {
		return undefined;
	}

	const to = roomOf(target);
	if (to === undefined) {
		return `${from} imports a file outside source/`;
	}

	if (to === from) {
		return undefined;
	}

	const allowed = allowedImports.get(from) ?? faceImports.get(from);
	if (allowed === undefined) {
		return `${from} is no room of the house: add it to scripts/lint-rules/rooms.ts and docs/architecture.md`;
	}

	return allowed.includes(to)
		? undefined
		: `${from} may import ${allowed.length === 0 ? 'nothing of ours' : allowed.join(', ')}; not ${to}`;
};

/** Data flows one way: a room imports only the rooms the house's plan names. */
export const roomImports: Rule.RuleModule = {
	meta: {type: 'problem', schema: []},
	create(context) {
		const check = (node: Rule.Node, specifier: unknown): void => {
			const target = resolveImport(context.filename, specifier);
			const message = target === undefined ? undefined : objection(context.filename, target);
			if (message !== undefined) {
				context.report({node, message});
			}
		};

		return {
			ImportDeclaration(node) {
				check(node, node.source.value);
			},
			ExportNamedDeclaration(node) {
				check(node, node.source?.value);
			},
			ExportAllDeclaration(node) {
				check(node, node.source.value);
			},
			ImportExpression(node) {
				check(node, node.source.type === 'Literal' ? node.source.value : undefined);
			},
			TSImportType(node: Rule.Node & {source?: {value?: unknown}}) {
				check(node, node.source?.value);
			},
		};
	},
};
