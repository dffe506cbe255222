import {Buffer} from 'node:buffer';
import {yamlLines} from '../diff/yaml-lines.js';
import type {YankForm} from '../keys/effect.js';
import {shownDocument} from '../render/diff-pane.js';
import {cursorOperation, type Message, type State} from '../state/state.js';
import {
	clipboardSequence,
	curlCommand,
	kubectlCommand,
	maximumYank,
} from './yank.js';

const maximumYankedLines = 20_000;

const textOf = (state: State, form: YankForm): string | undefined => {
	if (form === 'yaml') {
		const object = shownDocument(state)?.object;
		return object === undefined ? undefined : `${yamlLines(object, {maximumLines: maximumYankedLines}).lines.map(({text}) => text).join('\n')}\n`;
	}

	const operation = cursorOperation(state);
	if (operation === undefined) {
		return undefined;
	}

	return form === 'kubectl' ? kubectlCommand(operation) : curlCommand(operation);
};

/** Puts the operation, or its object, into the terminal's clipboard; what to say of it comes back. */
export const copyOperation = (state: State, form: YankForm, copy: ((sequence: string) => void) | undefined): Message => {
	const text = textOf(state, form);
	if (text === undefined) {
		return {text: form === 'yaml' ? 'this step has no object to copy' : 'this step is not loaded yet', isError: true};
	}

	const bytes = Buffer.byteLength(text);
	const isCommand = form !== 'yaml';
	if (copy === undefined) {
		return {text: isCommand ? text : 'this terminal has no clipboard to copy to', isError: false};
	}

	if (bytes > maximumYank) {
		return {text: `${bytes} bytes are too many for a terminal's clipboard: use kubestep get at this step`, isError: true};
	}

	copy(clipboardSequence(text));
	return {text: isCommand ? `copied: ${text}` : `copied ${bytes} bytes of YAML`, isError: false};
};
