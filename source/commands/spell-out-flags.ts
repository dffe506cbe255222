import {usageError} from '../model/kubestep-error.js';
import {nearestName} from '../model/nearest-name.js';
import type {FlagSpec} from './command.js';

/** `-o` or `--format`: a flag as a person types it. */
const spell = (name: string): string => name.length === 1 ? `-${name}` : `--${name}`;

const longNames = (specs: readonly FlagSpec[]): readonly string[] => specs.flatMap(spec => [spec.name, ...spec.aliases ?? []]);

const unknownFlag = (name: string, specs: readonly FlagSpec[], command: string): Error => {
	const near = nearestName(name, longNames(specs));
	return usageError(`${command} has no flag ${spell(name)}${near === undefined ? '' : `; did you mean --${near}?`} (kubestep ${command} --help lists them)`);
};

const isNegative = (argument: string): boolean => /^-\d/v.test(argument);

const isLikeFlag = (argument: string): boolean => argument.startsWith('-') && argument !== '-' && !isNegative(argument);

/** One flag of the command line: its spec, the value written onto it (`--at=5`, `-oyaml`), whether it was negated. */
type Found = {readonly spec: FlagSpec; readonly attached: string | undefined; readonly isNegated: boolean};

const findLong = (argument: string, specs: readonly FlagSpec[], command: string): Found => {
	const equals = argument.indexOf('=');
	const name = argument.slice(2, equals === -1 ? undefined : equals);
	const attached = equals === -1 ? undefined : argument.slice(equals + 1);
	const spec = specs.find(candidate => candidate.name === name || candidate.aliases?.includes(name) === true);
	if (spec !== undefined) {
		return {spec, attached, isNegated: false};
	}

	const positive = name.startsWith('no-') ? name.slice(3) : undefined;
	const negated = specs.find(candidate => candidate.name === positive && candidate.value === undefined);
	if (negated === undefined) {
		throw unknownFlag(name, specs, command);
	}

	return {spec: negated, attached, isNegated: true};
};

/** `-A`, `-oyaml`, `-Aoyaml`: switches first, at most one flag with a value, last. */
const findShort = (argument: string, specs: readonly FlagSpec[], command: string): readonly Found[] => {
	const found: Found[] = [];
	for (let index = 1; index < argument.length; index++) {
		const letter = argument.charAt(index);
		const spec = specs.find(candidate => candidate.short === letter);
		if (spec === undefined) {
			throw unknownFlag(letter, specs, command);
		}

		const rest = argument.slice(index + 1);
		if (spec.value !== undefined) {
			found.push({spec, attached: rest === '' ? undefined : rest.replace(/^=/v, ''), isNegated: false});
			return found;
		}

		found.push({spec, attached: undefined, isNegated: false});
	}

	return found;
};

const spellOut = ({spec, attached, isNegated}: Found, following: string | undefined, command: string): string => {
	if (spec.value === undefined) {
		if (attached !== undefined) {
			throw usageError(`${command}: --${spec.name} is a switch and takes no value ("${attached}" given)`);
		}

		return isNegated ? `--no-${spec.name}` : `--${spec.name}`;
	}

	const value = attached ?? following;
	if (value === undefined || value === '') {
		throw usageError(`${command}: --${spec.name} needs a value: --${spec.name} ${spec.value}`);
	}

	return `--${spec.name}=${value}`;
};

/**
The command line with every flag under its one long name and its value attached (`-oyaml` becomes `--output=yaml`), so that kubectl's spellings work.

@throws KubestepError usage for a flag the command does not have, with the nearest it has, and for a missing value.
*/
export const spellOutFlags = (argv: readonly string[], specs: readonly FlagSpec[], command: string): readonly string[] => {
	const spelt: string[] = [];
	let isFollowing = false;
	for (const [index, argument] of argv.entries()) {
		if (isFollowing) {
			isFollowing = false;
			continue;
		}

		if (!isLikeFlag(argument)) {
			spelt.push(argument);
			continue;
		}

		const found = argument.startsWith('--') ? [findLong(argument, specs, command)] : findShort(argument, specs, command);
		const next = argv[index + 1];
		const following = next === undefined || isLikeFlag(next) ? undefined : next;
		isFollowing = found.some(({spec, attached}) => spec.value !== undefined && attached === undefined);
		spelt.push(...found.map(flag => spellOut(flag, following, command)));
	}

	return spelt;
};
