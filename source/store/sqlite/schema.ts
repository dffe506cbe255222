/** `PRAGMA application_id` of a session file: "KSTP". */
export const sessionFileId = 0x4B_53_54_50;

/** Ids of operations, versions and bodies: session number × this + sequence number (step, body number). Session numbers count from 0. */
export const sessionStride = 2 ** 28;

/** Small rows gain nothing from larger pages, and every table of a small session takes one at least. */
export const pageSize = 4096;

/** Schema 1. Described for other tools in docs/session-format.md. */
export const schemaOne = `
CREATE TABLE sessions (
	number INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	source TEXT NOT NULL,
	started_at REAL NOT NULL,
	clock INTEGER NOT NULL,
	origin TEXT NOT NULL,
	capabilities TEXT NOT NULL,
	redacted INTEGER NOT NULL,
	parent TEXT,
	open INTEGER NOT NULL,
	operations INTEGER NOT NULL,
	requests INTEGER NOT NULL,
	events INTEGER NOT NULL,
	duration INTEGER NOT NULL,
	facts TEXT NOT NULL
);
CREATE TABLE gaps (
	session INTEGER NOT NULL,
	from_step INTEGER NOT NULL,
	to_step INTEGER NOT NULL,
	operations INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	reason TEXT NOT NULL
);
CREATE TABLE breakpoints (
	session INTEGER NOT NULL,
	id INTEGER NOT NULL,
	enabled INTEGER NOT NULL,
	pattern TEXT NOT NULL,
	PRIMARY KEY (session, id)
) WITHOUT ROWID;
CREATE TABLE marks (
	session INTEGER NOT NULL,
	letter TEXT NOT NULL,
	step INTEGER NOT NULL,
	PRIMARY KEY (session, letter)
) WITHOUT ROWID;
CREATE TABLE texts (
	id INTEGER PRIMARY KEY,
	session INTEGER NOT NULL,
	text TEXT NOT NULL
);
CREATE TABLE details (
	id INTEGER PRIMARY KEY,
	session INTEGER NOT NULL,
	detail TEXT NOT NULL
);
CREATE TABLE scopes (
	id INTEGER PRIMARY KEY,
	session INTEGER NOT NULL,
	grp TEXT,
	resource TEXT,
	namespace TEXT
);
CREATE INDEX scopes_by_name ON scopes (session, grp, resource, namespace);
CREATE TABLE places (
	id INTEGER PRIMARY KEY,
	scope INTEGER NOT NULL,
	name TEXT NOT NULL
);
CREATE INDEX places_by_name ON places (scope, name);
CREATE TABLE objects (
	id INTEGER PRIMARY KEY,
	session INTEGER NOT NULL,
	place INTEGER,
	uid BLOB NOT NULL
);
CREATE INDEX objects_by_uid ON objects (substr(uid, 1, 4));
CREATE TABLE states (
	id INTEGER PRIMARY KEY,
	session INTEGER NOT NULL,
	object INTEGER,
	resource_version INTEGER,
	generation INTEGER,
	controller INTEGER,
	hx BLOB,
	hm BLOB
);
CREATE TABLE shapes (
	id INTEGER PRIMARY KEY,
	session INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	verb INTEGER NOT NULL,
	grp INTEGER,
	version INTEGER,
	resource INTEGER,
	subresource INTEGER,
	object_kind INTEGER,
	process INTEGER NOT NULL,
	actor INTEGER NOT NULL,
	user_agent INTEGER,
	user INTEGER,
	field_manager INTEGER,
	patch_type INTEGER,
	reason INTEGER,
	request_type INTEGER,
	response_type INTEGER,
	end INTEGER,
	status INTEGER,
	epoch INTEGER,
	flags INTEGER NOT NULL,
	defined INTEGER NOT NULL,
	error INTEGER NOT NULL
);
CREATE INDEX shapes_by_session ON shapes (session);
CREATE TABLE header_forms (
	id INTEGER PRIMARY KEY,
	session INTEGER NOT NULL,
	request INTEGER,
	response INTEGER,
	date_offset INTEGER NOT NULL
);
CREATE TABLE operations (
	id INTEGER PRIMARY KEY,
	shape INTEGER NOT NULL,
	error INTEGER,
	place INTEGER,
	state INTEGER,
	version_before INTEGER,
	arrived INTEGER NOT NULL,
	duration INTEGER,
	timing BLOB,
	request_size INTEGER,
	response_size INTEGER,
	request_body INTEGER,
	response_body INTEGER,
	stream INTEGER,
	cause INTEGER,
	query INTEGER,
	message INTEGER,
	connection INTEGER,
	changed INTEGER,
	headers INTEGER,
	header_values TEXT,
	audit_id BLOB,
	detail INTEGER,
	hash BLOB
);
CREATE INDEX operations_by_place ON operations (place) WHERE place IS NOT NULL;
CREATE INDEX operations_in_error ON operations (id) WHERE error = 1;
CREATE TABLE forms (
	id INTEGER PRIMARY KEY,
	session INTEGER NOT NULL,
	kind TEXT NOT NULL,
	api_version TEXT NOT NULL,
	object_kind TEXT NOT NULL,
	storage_epoch INTEGER NOT NULL,
	redacted INTEGER NOT NULL
);
CREATE TABLE versions (
	place INTEGER NOT NULL,
	entered INTEGER NOT NULL,
	living INTEGER NOT NULL,
	number INTEGER NOT NULL,
	steps INTEGER,
	form INTEGER NOT NULL,
	state INTEGER NOT NULL,
	body INTEGER,
	rest TEXT,
	PRIMARY KEY (place, entered, living, number)
) WITHOUT ROWID;
CREATE INDEX versions_by_step ON versions (entered, number);
CREATE TABLE bodies (
	id INTEGER PRIMARY KEY,
	form INTEGER NOT NULL,
	base INTEGER,
	second_base INTEGER,
	data BLOB NOT NULL
);
`;
