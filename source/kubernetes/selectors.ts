import type {JsonObject} from '../model/json.js';

/** A compiled selector. `isEmpty` selects everything. */
export type Selector = {readonly isEmpty: boolean; matches(object: JsonObject): boolean};

/**
Label selector grammar of apimachinery (`a=b,c!=d,e in (f,g),!h`).

@throws TypeError with apimachinery's message.
*/
export declare function parseLabelSelector(text: string): Selector;
/**
Field selector (`metadata.name=x,status.phase!=Running`), any path of the object.

@throws TypeError
*/
export declare function parseFieldSelector(text: string): Selector;
/** Whether a field selector pins metadata.name or metadata.namespace only (design rule 4: such a watch sees true deletions). */
export declare function isNameOrNamespaceSelector(labelSelector: string, fieldSelector: string): boolean;
