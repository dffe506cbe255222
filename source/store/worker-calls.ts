import type {ExitCode} from '../model/kubestep-error.js';
import type {OpenStoreOptions} from './open-store.js';
import type {OperationStore} from './operation-store.js';

/** What a writer asks of a store in another thread. */
export type RemoteMethod = 'createSession' | 'listSessions' | 'getSession' | 'deleteSession' | 'write' | 'close';
export type RemoteStore = Pick<OperationStore, RemoteMethod | 'locator'>;

export type StoreWorkerData = {readonly locator: string; readonly options: OpenStoreOptions};
export type StoreCall = {readonly id: number; readonly method: RemoteMethod; readonly values: readonly unknown[]};
export type StoreAnswer = {readonly id: number} & ({readonly value: unknown} | {readonly error: {readonly message: string; readonly exitCode: ExitCode}});
