/**
The rooms of the house and who may import whom (docs/architecture.md). A file directly in `source/` belongs to no room: `cli.ts` starts the
commands, `index.ts` is the library's face.
*/
export const allowedImports: ReadonlyMap<string, readonly string[]> = new Map([
	['model', []],
	['kubernetes', ['model']],
	['expression', ['model']],
	['store', ['model', 'expression']],
	['ingest', ['model', 'kubernetes', 'expression', 'store']],
	['operator', ['model']],
	['record', ['model', 'kubernetes', 'expression', 'ingest', 'operator']],
	['import', ['model', 'kubernetes', 'ingest']],
	['timeline', ['model', 'kubernetes', 'expression', 'store']],
	['apiserver', ['model', 'kubernetes', 'expression', 'timeline', 'operator', 'ingest']],
	['analysis', ['model', 'kubernetes', 'expression', 'timeline']],
	['export', ['model', 'kubernetes', 'expression', 'timeline', 'ingest']],
	['tui', ['model', 'kubernetes', 'expression', 'timeline', 'analysis', 'apiserver', 'export']],
	[
		'commands',
		[
			'model', 'kubernetes', 'expression', 'store', 'ingest', 'operator', 'record', 'import', 'timeline', 'apiserver', 'analysis', 'export', 'tui',
		],
	],
]);

/** What the two files outside the rooms may import. */
export const faceImports: ReadonlyMap<string, readonly string[]> = new Map([
	['cli.ts', ['commands']],
	['index.ts', allowedImports.keys().filter(room => room !== 'tui' && room !== 'commands').toArray()],
]);

/** Rooms that must hold two assertions per function on average. */
export const assertiveRooms = ['model', 'kubernetes', 'store', 'ingest', 'record', 'timeline', 'apiserver'] as const;

/** `timeline` of `/somewhere/source/timeline/state.ts`; `cli.ts` of `/somewhere/source/cli.ts`; undefined outside `source/`. */
export const roomOf = (file: string): string | undefined => {
	const parts = file.replaceAll('\\', '/').split('/');
	const source = parts.lastIndexOf('source');
	return source === -1 ? undefined : parts[source + 1];
};
