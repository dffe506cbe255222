import type {ESLint} from 'eslint';
import {boundedLoops} from './bounded-loops.ts';
import {noModuleState} from './no-module-state.ts';
import {noRecursion} from './no-recursion.ts';
import {oneOptionalLink} from './one-optional-link.ts';
import {roomImports} from './room-imports.ts';

/** The rules of ten and the rooms, where no ready rule exists. */
export const housePlugin: ESLint.Plugin = {
	rules: {
		'bounded-loops': boundedLoops,
		'no-module-state': noModuleState,
		'no-recursion': noRecursion,
		'one-optional-link': oneOptionalLink,
		'room-imports': roomImports,
	},
};
