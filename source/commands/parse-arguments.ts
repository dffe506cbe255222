import meow from 'meow';
import {usageError} from '../model/kubestep-error.js';
import {nearestName} from '../model/nearest-name.js';
import type {CommandInput, FlagSpec} from './command.js';
import {spellOutFlags} from './spell-out-flags.js';

const camelCase = (name: string): string => name.replaceAll(/-(?<letter>[a-z])/gv, (_match, letter: string) => letter.toUpperCase());

const meowFlag = ({value}: FlagSpec) => ({type: value === undefined ? 'boolean' as const : 'string' as const, isMultiple: true as const});

const checkValue = (spec: FlagSpec, values: readonly unknown[], command: string): void => {
	if (values.length > 1) {
		throw usageError(`${command}: --${spec.name} is given ${values.length} times; once is enough`);
	}

	const value = String(values.at(-1));
	const choices = spec.choices ?? [value];
	if (choices.includes(value)) {
		return;
	}

	const near = nearestName(value, choices);
	throw usageError(`${command}: --${spec.name} cannot be "${value}"${near === undefined ? '' : `; did you mean ${near}?`} (it takes ${choices.join(', ')})`);
};

/**
Flags and positionals of a command, its flags checked against its table.

@throws KubestepError usage
*/
export const parseArguments = (argv: readonly string[], specs: readonly FlagSpec[], command: string): CommandInput => {
	const {input, flags: parsed} = meow('', {
		importMeta: import.meta,
		// Meow would look for a package.json otherwise.
		pkg: {name: 'kubestep'},
		argv: spellOutFlags(argv, specs, command),
		flags: Object.fromEntries(specs.map(spec => [camelCase(spec.name), meowFlag(spec)])),
		booleanDefault: undefined,
		autoHelp: false,
		autoVersion: false,
		allowUnknownFlags: true,
		description: false,
	});
	const flags = new Map<string, string | boolean>();
	for (const spec of specs) {
		const values: unknown = parsed[camelCase(spec.name)];
		const given: readonly unknown[] = Array.isArray(values) ? values : [];
		const last = given.at(-1);
		if (last !== undefined && spec.value !== undefined) {
			checkValue(spec, given, command);
		}

		if (typeof last === 'string' || typeof last === 'boolean') {
			flags.set(spec.name, last);
		}
	}

	return {positionals: input.map(String), flags};
};
