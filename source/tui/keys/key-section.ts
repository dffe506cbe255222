import type {Binding} from './binding.js';
import {keyGroups} from './keymap.js';

/** `j`, `Down`: a cell of a markdown table. */
const keyCell = ({keys}: Binding): string => keys.map(key => `\`${key === '|' ? String.raw`\|` : key}\``).join(' ');

const nameCell = ({name, argument}: Binding): string => argument === undefined ? `\`:${name}\`` : `\`:${name} ${argument.replaceAll('|', String.raw`\|`)}\``;

/** The readme's section on keys, in markdown, from the one table. */
export const keySection = (): string => keyGroups.map(group => [
	`**${group.title}**`,
	'',
	'| keys | command | does |',
	'|---|---|---|',
	...group.bindings.map(binding => {
		const where = binding.contexts.includes('session') ? '' : ' (breakpoint panel)';
		return `| ${keyCell(binding)} | ${nameCell(binding)} | ${binding.help}${where} |`;
	}),
	'',
].join('\n')).join('\n');
