/** KubeStep as a library: sessions in stores, traffic in, timelines out. */
export type * from './model/breakpoint.js';
export * from './model/json.js';
export * from './model/kubestep-error.js';
export * from './model/object-key.js';
export type * from './model/object-version.js';
export * from './model/operation.js';
export * from './model/resource-version.js';
export * from './model/session.js';
export * from './store/open-store.js';
export type * from './store/operation-store.js';
export * from './expression/compile-expression.js';
export * from './expression/filter.js';
export * from './ingest/ingest-session.js';
export type * from './ingest/input.js';
export * from './import/import-file.js';
export * from './timeline/open-timeline.js';
export type * from './timeline/timeline-types.js';
