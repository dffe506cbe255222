import {strict as assert} from 'node:assert';
import type Database from 'better-sqlite3';
import type {ObjectVersion} from '../../model/object-version.js';
import {compareResourceVersions, isComparable} from '../../model/resource-version.js';
import {
	type Column,
	decodeVersion,
	encodeUuid,
	encodeVersion,
	versionSql,
} from './encodings.js';
import {sessionStride} from './schema.js';
import type {SessionRow} from './sessions.js';
import {type VersionDecoder, versionColumns, versionTables} from './version-row.js';

/*
Finds the rows of a resource version among all of an object. No index holds resource versions: they nearly always enter in their own order, so the step at which one entered is
searched by halves, and the rows around it are looked at. Where that finds nothing, all rows of the object are.
*/

/** Rows looked at before and after the step that was found. */
const nearbyRows = 16;
/** Halves of a session's steps. */
const maximumProbes = 32;

export type VersionFinder = (session: SessionRow, place: number, uid: string, resourceVersion: string) => readonly ObjectVersion[];

export const createVersionFinder = (database: Database.Database, decoder: VersionDecoder): VersionFinder => {
	assert.ok(2 ** maximumProbes >= sessionStride, 'halving all steps takes fewer probes');
	const probe = database.prepare(`SELECT v.entered, ${versionSql('s.resource_version')} FROM versions v JOIN states s ON s.id = v.state
		WHERE v.place = ? AND v.entered BETWEEN ? AND ? AND s.resource_version IS NOT NULL ORDER BY v.entered, v.number LIMIT 1`).raw();
	const selectLast = database.prepare('SELECT max(entered) FROM versions WHERE place = ?').pluck();
	const countEpochs = database.prepare('SELECT count(DISTINCT storage_epoch) FROM forms WHERE session = ?').pluck();
	const select = (where: string): Database.Statement => database.prepare(`SELECT ${versionColumns} FROM ${versionTables} WHERE v.place = ? AND ${where}`).raw();
	const selectBefore = select(`v.entered < ? ORDER BY v.entered DESC, v.number DESC LIMIT ${nearbyRows}`);
	const selectAfter = select(`v.entered >= ? ORDER BY v.entered, v.number LIMIT ${nearbyRows}`);
	const selectAll = select('s.resource_version = ? AND x.uid = ? ORDER BY v.entered, v.number');
	const decodeAll = (rows: unknown[]): readonly ObjectVersion[] => (rows as ReadonlyArray<readonly Column[]>).map(row => decoder.decode(row));

	/** The first entry that is not older than a version, were they all in order; undefined where they cannot be ordered. */
	const searchByHalves = (session: SessionRow, place: number, resourceVersion: string): number | undefined => {
		assert.ok(isComparable(resourceVersion), 'halves need an order');
		let low = session.number * sessionStride;
		const last: unknown = selectLast.get(place);
		let high = typeof last === 'number' ? last + 1 : low;
		for (let probes = 0; low < high && probes < maximumProbes; probes += 1) {
			const middle = low + Math.floor((high - low) / 2);
			const row = probe.get(place, middle, high) as readonly Column[] | undefined;
			if (row === undefined) {
				high = middle;
				continue;
			}

			const [entered = 0, version = ''] = row;
			assert.ok(typeof entered === 'number' && entered >= middle, 'the first row from there on');
			const order = compareResourceVersions(decodeVersion(version), resourceVersion);
			if (order === undefined) {
				return undefined;
			}

			if (order < 0) {
				low = entered + 1;
			} else {
				high = middle;
			}
		}

		assert.ok(low >= high, 'the probes suffice for all steps');
		return low;
	};

	return (session, place, uid, resourceVersion) => {
		// A restored etcd gives versions out again.
		const isOrdered = isComparable(resourceVersion) && Number(countEpochs.get(session.number)) <= 1;
		const found = isOrdered ? searchByHalves(session, place, resourceVersion) : undefined;
		if (found !== undefined) {
			const nearby = [...decodeAll(selectBefore.all(place, found)).toReversed(), ...decodeAll(selectAfter.all(place, found))];
			assert.ok(nearby.length <= 2 * nearbyRows, 'few rows are looked at');
			const matching = nearby.filter(version => version.key.uid === uid && version.resourceVersion === resourceVersion);
			if (matching.length > 0) {
				return matching;
			}
		}

		const all = decodeAll(selectAll.all(place, encodeVersion(resourceVersion), encodeUuid(uid)));
		assert.ok(all.every(version => version.key.uid === uid && version.resourceVersion === resourceVersion), 'encoded, no two versions are equal');
		return all;
	};
};
