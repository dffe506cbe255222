import {parseFieldTerms} from './field-selector.js';

export {type Selector, parseFieldSelector} from './field-selector.js';
export {parseLabelSelector} from './label-selector.js';

/**
Whether a field selector pins metadata.name or metadata.namespace only (design rule 4: such a watch sees true deletions, for neither ever changes). False
without any selector: it pins nothing.
*/
export const isNameOrNamespaceSelector = (labelSelector: string, fieldSelector: string): boolean => {
	const terms = labelSelector.trim() === '' ? parseFieldTerms(fieldSelector) ?? [] : [];
	const fields = new Set(terms.map(({field}) => field));
	return terms.length > 0 && fields.size === terms.length
		&& terms.every(({field, isNegated}) => !isNegated && (field === 'metadata.name' || field === 'metadata.namespace'));
};
