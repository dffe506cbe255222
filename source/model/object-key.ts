/** Where an object lives: API group (core is ''), resource (plural), namespace ('' for cluster scope) and name. */
export type ObjectPlace = {
	readonly group: string;
	readonly resource: string;
	readonly namespace: string;
	readonly name: string;
};

/** One incarnation: a place and the uid that held it. The API version is a representation, not part of it. */
export type ObjectKey = ObjectPlace & {readonly uid: string};

/** `deployments.apps`, `pods`: the resource as kubectl spells it. */
export const resourceName = (place: {readonly group: string; readonly resource: string}): string =>
	place.group === '' ? place.resource : `${place.resource}.${place.group}`;

/** `deployments.apps default/web`, `nodes worker-1`: for messages and headers. */
export const describePlace = (place: ObjectPlace): string => {
	const where = place.namespace === '' ? place.name : `${place.namespace}/${place.name}`;
	return `${resourceName(place)} ${where}`;
};

/** A map key for a place. NUL cannot occur in any part. */
export const placeId = (place: ObjectPlace): string =>
	`${place.group}\0${place.resource}\0${place.namespace}\0${place.name}`;
