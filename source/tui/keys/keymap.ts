import type {Binding, Context} from './binding.js';
import {breakpointBindings} from './bindings/breakpoints.js';
import {findingBindings} from './bindings/finding.js';
import {generalBindings} from './bindings/general.js';
import {helpBindings} from './bindings/help.js';
import {steppingBindings} from './bindings/stepping.js';
import {travellingBindings} from './bindings/travelling.js';
import {viewingBindings} from './bindings/viewing.js';

export type KeyGroup = {readonly title: string; readonly bindings: readonly Binding[]};

/** What help and readme list, in their order. */
export const keyGroups: readonly KeyGroup[] = [
	{title: 'Stepping', bindings: steppingBindings},
	{title: 'Breakpoints', bindings: breakpointBindings},
	{title: 'Travelling', bindings: travellingBindings},
	{title: 'Finding', bindings: findingBindings},
	{title: 'Looking', bindings: viewingBindings},
	{title: 'The rest', bindings: generalBindings},
];

/** The whole table. */
export const bindings: readonly Binding[] = [...keyGroups.flatMap(group => group.bindings), ...helpBindings];

export const findBinding = (token: string, context: Context): Binding | undefined =>
	bindings.find(({keys, contexts}) => keys.includes(token) && contexts.includes(context));
