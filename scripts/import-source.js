/**
Lets a script of ours import `source/` as it stands: Node strips the types, and this finds `x.ts` where the code says `./x.js`.
Use: `node --import ./scripts/import-source.js scripts/SCRIPT.ts`.
*/
import {registerHooks} from 'node:module';

registerHooks({
	resolve(specifier, context, nextResolve) {
		const isOurs = specifier.startsWith('.') && specifier.endsWith('.js') && !(context.parentURL ?? '').includes('/node_modules/');
		if (!isOurs) {
			return nextResolve(specifier, context);
		}

		try {
			return nextResolve(specifier, context);
		} catch {
			return nextResolve(`${specifier.slice(0, -'.js'.length)}.ts`, context);
		}
	},
});
