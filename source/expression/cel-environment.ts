import {Environment} from '@marcbachmann/cel-js';
import {compileRegex, type LinearRegex} from './linear-regex.js';
import {matchesAlias, variableAlias} from './source-text.js';
import {variables} from './variables.js';

/** Bounds of one expression. */
const limits = {
	maxAstNodes: 2000, maxDepth: 64, maxListElements: 500, maxMapEntries: 100, maxCallArguments: 16,
};
/** Patterns of one expression that are kept compiled: more than that only where they are made while it runs. */
const maximumPatterns = 64;

/** The CEL library set up with our variables, and with a `matches` that takes linear time. */
export const createCelEnvironment = (): Environment => {
	const patterns = new Map<string, LinearRegex>();
	const isMatch = (text: string, pattern: string): boolean => {
		const known = patterns.get(pattern);
		if (known !== undefined) {
			return known.test(text);
		}

		const compiled = compileRegex(pattern);
		if (patterns.size < maximumPatterns) {
			patterns.set(pattern, compiled);
		}

		return compiled.test(text);
	};

	// `object.spec.port in ["http", 80]` is a fair question
	const environment = new Environment({enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits});
	for (const {name, type, help} of variables) {
		environment.registerVariable(variableAlias(name), type, {description: help});
	}

	return environment
		.registerFunction(`string.${matchesAlias}(string): bool`, isMatch, {async: false})
		.registerFunction(`${matchesAlias}(string, string): bool`, isMatch, {async: false});
};
