import {strict as assert} from 'node:assert';
/** Query of a URL, without `?`, by parameter: every value in order, percent-decoded, `+` as a blank. Never throws. */
export type QueryParameters = ReadonlyMap<string, readonly string[]>;

/** Parameters beyond these are not read: no client of Kubernetes sends nearly as many. */
export const maximumParameters = 1024;

export const parseQuery = (query: string): QueryParameters => {
	const parameters = new Map<string, string[]>();
	let count = 0;
	for (const [name, value] of new URLSearchParams(query)) {
		count++;
		if (count > maximumParameters) {
			break;
		}

		const values = parameters.get(name);
		if (values === undefined) {
			parameters.set(name, [value]);
		} else {
			values.push(value);
		}
	}

	assert.ok(count >= parameters.size, 'a parameter has at least one value');
	assert.ok(parameters.size <= maximumParameters, 'parameters are bounded');
	return parameters;
};

/** First value of a parameter, as kube-apiserver reads one that is not a list. */
export const firstValue = (parameters: QueryParameters, name: string): string | undefined => {
	const values = parameters.get(name);
	return values === undefined ? undefined : values[0];
};

/** A boolean parameter (apimachinery, Convert_Slice_string_To_bool): absent, `0` and `false` are false; anything else, also `?watch`, is true. */
export const isTrue = (parameters: QueryParameters, name: string): boolean => {
	const value = firstValue(parameters, name);
	return value !== undefined && value !== '0' && value.toLowerCase() !== 'false';
};
