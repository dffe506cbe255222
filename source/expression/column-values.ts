import type {Operation} from '../model/operation.js';
import type {NumberColumn, TextColumn} from './filter.js';

/** A text column as filters and expressions see it: '' where it is missing. */
export const textValue = (operation: Operation, column: TextColumn): string => operation[column] ?? '';

/** A number column as filters and expressions see it: −1 where it is missing. Times are ns; 2^53 of them are 104 days. */
export const numberValue = (operation: Operation, column: NumberColumn): number => {
	switch (column) {
		case 'arrivedAt': {
			return Number(operation.arrivedAt);
		}

		case 'endedAt': {
			return operation.endedAt === undefined ? -1 : Number(operation.endedAt);
		}

		case 'duration': {
			return operation.endedAt === undefined ? -1 : Number(operation.endedAt - operation.arrivedAt);
		}

		case 'sequence':
		case 'status':
		case 'generation':
		case 'epoch':
		case 'stream':
		case 'cause':
		case 'requestSize':
		case 'responseSize': {
			return operation[column] ?? -1;
		}
	}
};
