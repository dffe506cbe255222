import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const projectRoot = path.resolve(import.meta.dirname, '../..');

const places = (): readonly string[] => [
	path.join(projectRoot, 'test/fixtures'),
	process.env.KUBESTEP_CAPTURES ?? '',
	path.join(projectRoot, '../shared/captures'),
].filter(place => place !== '');

/**
Path of a capture's file (`sample-controller.har.gz`): a fixture, else from KUBESTEP_CAPTURES or ../shared/captures. Undefined where it is absent; the
test then says that it skips.
*/
export const capturePath = (file: string): string | undefined =>
	places().map(place => path.join(place, file)).find(candidate => existsSync(candidate));
