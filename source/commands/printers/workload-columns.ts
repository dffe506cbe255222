import {type JsonObject} from '../../model/json.js';
import {
	ageColumn,
	containerColumns,
	countAt,
	countColumn,
	listAt,
	nameColumn,
	orNone,
	selectorText,
	textAt,
	textColumn,
	valueAt,
	type Column,
} from './columns.js';
import {ageAt, humanDuration} from './human-duration.js';

const templateSpec = ['spec', 'template', 'spec'] as const;

const selectorColumn: Column = {header: 'SELECTOR', isWide: true, cell: object => selectorText(valueAt(object, 'spec', 'selector'))};

const readyOfDesired: Column = {
	header: 'READY', cell: object => `${countAt(object, 'status', 'readyReplicas')}/${countAt(object, 'spec', 'replicas')}`,
};

export const deploymentColumns: readonly Column[] = [
	nameColumn,
	readyOfDesired,
	countColumn('UP-TO-DATE', ['status', 'updatedReplicas']),
	countColumn('AVAILABLE', ['status', 'availableReplicas']),
	ageColumn,
	...containerColumns(templateSpec),
	selectorColumn,
];

export const replicaSetColumns: readonly Column[] = [
	nameColumn,
	countColumn('DESIRED', ['spec', 'replicas']),
	countColumn('CURRENT', ['status', 'replicas']),
	countColumn('READY', ['status', 'readyReplicas']),
	ageColumn,
	...containerColumns(templateSpec),
	selectorColumn,
];

export const replicationControllerColumns: readonly Column[] = [
	...replicaSetColumns.filter(({header}) => header !== 'SELECTOR'),
	{header: 'SELECTOR', isWide: true, cell: object => selectorText({matchLabels: valueAt(object, 'spec', 'selector')})},
];

export const statefulSetColumns: readonly Column[] = [nameColumn, readyOfDesired, ageColumn, ...containerColumns(templateSpec)];

const nodeSelector = (object: JsonObject): string => {
	const selector = valueAt(object, 'spec', 'template', 'spec', 'nodeSelector');
	return selectorText({matchLabels: selector});
};

export const daemonSetColumns: readonly Column[] = [
	nameColumn,
	countColumn('DESIRED', ['status', 'desiredNumberScheduled']),
	countColumn('CURRENT', ['status', 'currentNumberScheduled']),
	countColumn('READY', ['status', 'numberReady']),
	countColumn('UP-TO-DATE', ['status', 'updatedNumberScheduled']),
	countColumn('AVAILABLE', ['status', 'numberAvailable']),
	{header: 'NODE SELECTOR', cell: object => nodeSelector(object)},
	ageColumn,
	...containerColumns(templateSpec),
	selectorColumn,
];

const hasCondition = (object: JsonObject, type: string): boolean =>
	listAt(object, 'status', 'conditions').some(condition => textAt(condition, 'type') === type && textAt(condition, 'status') === 'True');

/** What a job's conditions say, the first that holds. */
const settled = ['Complete', 'Failed'] as const;
const unsettled = ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'] as const;

const jobStatus = (job: JsonObject): string => {
	const end = settled.find(type => hasCondition(job, type));
	const isGoing = textAt(job, 'metadata', 'deletionTimestamp') !== '';
	return end ?? (isGoing ? 'Terminating' : unsettled.find(type => hasCondition(job, type)) ?? 'Running');
};

const jobCompletions = (job: JsonObject): string => {
	const succeeded = countAt(job, 'status', 'succeeded');
	const completions = textAt(job, 'spec', 'completions');
	if (completions !== '') {
		return `${succeeded}/${completions}`;
	}

	const parallelism = Number(countAt(job, 'spec', 'parallelism'));
	return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
};

const jobDuration = (job: JsonObject, nowMs: number): string => {
	const start = Date.parse(textAt(job, 'status', 'startTime'));
	if (Number.isNaN(start)) {
		return '';
	}

	const end = Date.parse(textAt(job, 'status', 'completionTime'));
	return humanDuration((Number.isNaN(end) ? nowMs : end) - start);
};

export const jobColumns: readonly Column[] = [
	nameColumn,
	{header: 'STATUS', cell: job => jobStatus(job)},
	{header: 'COMPLETIONS', cell: job => jobCompletions(job)},
	{header: 'DURATION', cell: (job, nowMs) => jobDuration(job, nowMs)},
	ageColumn,
	...containerColumns(templateSpec),
	selectorColumn,
];

export const cronJobColumns: readonly Column[] = [
	nameColumn,
	textColumn('SCHEDULE', ['spec', 'schedule']),
	textColumn('TIMEZONE', ['spec', 'timeZone']),
	{header: 'SUSPEND', cell: object => textAt(object, 'spec', 'suspend') === 'true' ? 'True' : 'False'},
	{header: 'ACTIVE', cell: object => String(listAt(object, 'status', 'active').length)},
	{
		header: 'LAST SCHEDULE',
		cell(object, nowMs) {
			const last = textAt(object, 'status', 'lastScheduleTime');
			return last === '' ? '<none>' : ageAt(last, nowMs);
		},
	},
	ageColumn,
	...containerColumns(['spec', 'jobTemplate', ...templateSpec]),
	{header: 'SELECTOR', isWide: true, cell: object => orNone(selectorText(valueAt(object, 'spec', 'jobTemplate', 'spec', 'selector')))},
];
