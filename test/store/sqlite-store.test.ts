import {describeOperationStore} from './operation-store-contract.js';
import {sqliteBackend} from './sqlite-backend.js';

describeOperationStore(sqliteBackend);
