import type {EndKind} from '../model/operation.js';

/** What an error text of client-go says of the answer. */
export type GoOutcome = {readonly status: number | undefined; readonly reason: string | undefined; readonly end: EndKind};

/** Error texts of apimachinery's Status errors, and of exchanges that had no answer; the first that fits. */
const outcomes: ReadonlyArray<readonly [RegExp, GoOutcome]> = [
	[/connection (?:refused|reset)|\bEOF\b|no such host|broken pipe|i\/o timeout|no route to host|tls: |x509: /v, {status: undefined, reason: undefined, end: 'transport-error'}],
	[/context canceled/v, {status: undefined, reason: undefined, end: 'client-abort'}],
	[/context deadline exceeded|client\.timeout|request canceled/iv, {status: undefined, reason: undefined, end: 'client-abort'}],
	[/already exists/iv, {status: 409, reason: 'AlreadyExists', end: 'complete'}],
	[/object has been modified|conflict|precondition failed/iv, {status: 409, reason: 'Conflict', end: 'complete'}],
	[/not found|could not find the requested resource/iv, {status: 404, reason: 'NotFound', end: 'complete'}],
	[/forbidden/iv, {status: 403, reason: 'Forbidden', end: 'complete'}],
	[/unauthorized|must be logged in/iv, {status: 401, reason: 'Unauthorized', end: 'complete'}],
	[/is invalid|unprocessable/iv, {status: 422, reason: 'Invalid', end: 'complete'}],
	[/too old resource version|\bgone\b|expired/iv, {status: 410, reason: 'Expired', end: 'complete'}],
	[/too many requests|try again later/iv, {status: 429, reason: 'TooManyRequests', end: 'complete'}],
	[/method not allowed|not supported on/iv, {status: 405, reason: 'MethodNotAllowed', end: 'complete'}],
	[/too large resource version|timeout|timed out/iv, {status: 504, reason: 'Timeout', end: 'complete'}],
	[/service unavailable|unable to handle the request/iv, {status: 503, reason: 'ServiceUnavailable', end: 'complete'}],
	[/internal error|internal server error/iv, {status: 500, reason: 'InternalError', end: 'complete'}],
	[/bad request|badrequest/iv, {status: 400, reason: 'BadRequest', end: 'complete'}],
];

const unknownOutcome: GoOutcome = {status: undefined, reason: undefined, end: 'unknown'};

/** Guesses a failed call's status and reason from its error's text; an unknown text says neither. */
export const outcomeOfError = (message: string): GoOutcome => {
	const found = outcomes.find(([pattern]) => pattern.test(message));
	return found === undefined ? unknownOutcome : found[1];
};
