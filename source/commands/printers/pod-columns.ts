import {type JsonObject} from '../../model/json.js';
import {
	ageColumn,
	firstText,
	countAt,
	listAt,
	nameColumn,
	orNone,
	textAt,
	textColumn,
	valueAt,
	type Column,
} from './columns.js';
import {ageAt} from './human-duration.js';

/** Why one container is not plainly running: what kubectl shows in STATUS. */
const containerReason = (status: JsonObject): string => {
	const waiting = textAt(status, 'state', 'waiting', 'reason');
	if (waiting !== '') {
		return waiting;
	}

	if (valueAt(status, 'state', 'terminated') === undefined) {
		return '';
	}

	const reason = textAt(status, 'state', 'terminated', 'reason');
	const signal = countAt(status, 'state', 'terminated', 'signal');
	return firstText(reason, signal === '0' ? `ExitCode:${countAt(status, 'state', 'terminated', 'exitCode')}` : `Signal:${signal}`);
};

/** The first init container that is neither done nor a running sidecar. */
const initReason = (pod: JsonObject): string | undefined => {
	const statuses = listAt(pod, 'status', 'initContainerStatuses');
	const total = listAt(pod, 'spec', 'initContainers').length;
	const sidecars = new Set(listAt(pod, 'spec', 'initContainers').filter(container => textAt(container, 'restartPolicy') === 'Always').map(container => textAt(container, 'name')));
	for (const [index, status] of statuses.entries()) {
		const isDone = textAt(status, 'state', 'terminated', 'exitCode') === '0';
		const isSidecar = sidecars.has(textAt(status, 'name')) && textAt(status, 'started') === 'true';
		if (isDone || isSidecar) {
			continue;
		}

		const reason = containerReason(status);
		return reason === '' || reason === 'PodInitializing' ? `Init:${index}/${total}` : `Init:${reason}`;
	}

	return undefined;
};

const podStatus = (pod: JsonObject): string => {
	const phase = firstText(textAt(pod, 'status', 'reason'), textAt(pod, 'status', 'phase'), 'Unknown');
	const deletion = textAt(pod, 'metadata', 'deletionTimestamp');
	if (deletion !== '') {
		return textAt(pod, 'status', 'reason') === 'NodeLost' ? 'Unknown' : 'Terminating';
	}

	const init = initReason(pod);
	if (init !== undefined) {
		return init;
	}

	const statuses = listAt(pod, 'status', 'containerStatuses');
	const reason = statuses.map(status => containerReason(status)).find(text => text !== '') ?? phase;
	const isRunning = statuses.some(status => textAt(status, 'ready') === 'true' && valueAt(status, 'state', 'running') !== undefined);
	if (reason === 'Completed' && isRunning) {
		const isReady = listAt(pod, 'status', 'conditions').some(condition => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True');
		return isReady ? 'Running' : 'NotReady';
	}

	return reason;
};

const restarts = (pod: JsonObject, nowMs: number): string => {
	const statuses = listAt(pod, 'status', 'containerStatuses');
	const count = statuses.reduce((sum, status) => sum + Number(countAt(status, 'restartCount')), 0);
	const last = statuses.map(status => textAt(status, 'lastState', 'terminated', 'finishedAt')).filter(text => text !== '').toSorted().at(-1);
	return count === 0 || last === undefined ? String(count) : `${count} (${ageAt(last, nowMs)} ago)`;
};

const ready = (pod: JsonObject): string => {
	const statuses = listAt(pod, 'status', 'containerStatuses');
	return `${statuses.filter(status => textAt(status, 'ready') === 'true').length}/${listAt(pod, 'spec', 'containers').length}`;
};

const readinessGates = (pod: JsonObject): string => {
	const gates = listAt(pod, 'spec', 'readinessGates');
	const isMet = (gate: JsonObject): boolean => listAt(pod, 'status', 'conditions')
		.some(condition => textAt(condition, 'type') === textAt(gate, 'conditionType') && textAt(condition, 'status') === 'True');
	return gates.length === 0 ? '<none>' : `${gates.filter(gate => isMet(gate)).length}/${gates.length}`;
};

/** `kubectl get pods`. */
export const podColumns: readonly Column[] = [
	nameColumn,
	{header: 'READY', cell: pod => ready(pod)},
	{header: 'STATUS', cell: pod => podStatus(pod)},
	{header: 'RESTARTS', cell: (pod, nowMs) => restarts(pod, nowMs)},
	ageColumn,
	{header: 'IP', isWide: true, cell: pod => orNone(textAt(pod, 'status', 'podIP'))},
	textColumn('NODE', ['spec', 'nodeName'], {isWide: true}),
	textColumn('NOMINATED NODE', ['status', 'nominatedNodeName'], {isWide: true}),
	{header: 'READINESS GATES', isWide: true, cell: pod => readinessGates(pod)},
];
