/**
How many assertions each room holds per function (rule of ten 5): `node scripts/assertion-density.ts` prints the figures and fails where a room that
must hold two falls below. Functions of ten lines or more count; an assertion belongs to the innermost of them around it.
*/
import {globSync, readFileSync} from 'node:fs';
import {stripTypeScriptTypes} from 'node:module';
import path from 'node:path';
import process from 'node:process';
import {Linter, type Rule} from 'eslint';
import {assertiveRooms, roomOf} from './lint-rules/rooms.ts';

export const requiredDensity = 2;
const countedLines = 10;

export type Density = {readonly functions: number; readonly assertions: number};

const isAssertion = (callee: {readonly type: string}): boolean => {
	const called = callee as {readonly name?: string; readonly object?: {readonly name?: string}};
	return called.name === 'assert' || called.object?.name === 'assert';
};

const counter = (onDone: (density: Density) => void): Rule.RuleModule => ({
	create() {
		const open: boolean[] = [];
		let functions = 0;
		let assertions = 0;
		const enter = (node: Rule.Node): void => {
			const lines = node.loc === null || node.loc === undefined ? 0 : node.loc.end.line - node.loc.start.line + 1;
			open.push(lines >= countedLines);
			functions += lines >= countedLines ? 1 : 0;
		};

		const leave = (): void => {
			open.pop();
		};

		return {
			FunctionDeclaration: enter,
			FunctionExpression: enter,
			ArrowFunctionExpression: enter,
			'FunctionDeclaration:exit': leave,
			'FunctionExpression:exit': leave,
			'ArrowFunctionExpression:exit': leave,
			CallExpression(node) {
				assertions += isAssertion(node.callee) && open.includes(true) ? 1 : 0;
			},
			'Program:exit'() {
				onDone({functions, assertions});
			},
		};
	},
});

/** Counts one file's functions and assertions. */
export const densityOf = (typescript: string): Density => {
	let density: Density = {functions: 0, assertions: 0};
	const rule = counter(counted => {
		density = counted;
	});
	const messages = new Linter().verify(stripTypeScriptTypes(typescript), {
		plugins: {house: {rules: {count: rule}}},
		rules: {'house/count': 'error'},
		languageOptions: {ecmaVersion: 'latest', sourceType: 'module'},
		linterOptions: {noInlineConfig: true},
	});
	const fatal = messages.find(message => message.fatal === true);
	if (fatal !== undefined) {
		throw new Error(`cannot be parsed: ${fatal.message} at line ${fatal.line}`);
	}

	return density;
};

/** The figures of every assertive room that exists under a source folder. */
export const densityOfRooms = (source: string): ReadonlyMap<string, Density> => {
	const rooms = new Map<string, Density>();
	for (const file of globSync('**/*.ts', {cwd: source}).toSorted()) {
		const room = roomOf(path.join(source, file));
		if (room === undefined || !(assertiveRooms as readonly string[]).includes(room)) {
			continue;
		}

		const counted = densityOf(readFileSync(path.join(source, file), 'utf8'));
		const before = rooms.get(room) ?? {functions: 0, assertions: 0};
		rooms.set(room, {functions: before.functions + counted.functions, assertions: before.assertions + counted.assertions});
	}

	return rooms;
};

const average = ({functions, assertions}: Density): number => functions === 0 ? Infinity : assertions / functions;

if (import.meta.main) {
	for (const [room, density] of densityOfRooms(path.resolve(import.meta.dirname, '../source'))) {
		const isEnough = average(density) >= requiredDensity;
		const counts = `${String(density.assertions).padStart(4)} assertions in ${String(density.functions).padStart(4)} functions of ${countedLines} lines or more`;
		console.log(`${isEnough ? 'ok  ' : 'FEW '} ${room.padEnd(12)} ${counts}: ${average(density).toFixed(2)} (at least ${requiredDensity.toFixed(2)})`);
		if (!isEnough) {
			process.exitCode = 1;
		}
	}
}
