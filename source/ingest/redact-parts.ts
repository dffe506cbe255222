import {strict as assert} from 'node:assert';

/** A piece of a secret value that is secret by itself: the password in a connection string, the token in a kubeconfig. */
export type SecretPart = {readonly key: string; readonly value: string};

/** Parts of one value at most. */
export const maximumParts = 64;

/** `password: x`, `"auth":"x"`, `TOKEN=x`: a line or entry of JSON, YAML, properties, or an environment file. */
const entryPattern = /["']?(?<key>[A-Za-z][\w\-.]{0,63})["']?[\t ]*[:=][\t ]*["']?(?<value>[^\s"',;]{8,})/gv;
/** `scheme://user:password@host` */
const urlPattern = /(?<key>[a-z][\d+\-.a-z]{0,30}:\/\/[^\s\/:@]{0,200}):(?<value>[^\s\/@]{8,200})@/giv;

const partsBy = (pattern: RegExp, text: string): readonly SecretPart[] =>
	text.matchAll(pattern).take(maximumParts).map(({groups}) => ({key: groups?.key ?? '', value: groups?.value ?? ''})).toArray();

/**
What a file in a Secret (docker config, kubeconfig, environment file, connection string) holds under names of its own. Names decide which of
them are secret: that is `isSecretKey`'s part.
*/
export const secretParts = (text: string, isSecretKey: (key: string) => boolean): readonly SecretPart[] => {
	const entries = partsBy(entryPattern, text).filter(({key}) => isSecretKey(key));
	const passwords = partsBy(urlPattern, text).map(({value}) => ({key: 'password', value}));
	const parts = [...entries, ...passwords].filter(({value}) => value !== text);
	assert.ok(parts.length <= 2 * maximumParts, 'parts are bounded');
	assert.ok(parts.every(({value}) => text.includes(value)), 'a part is a piece of the whole');
	return parts;
};
