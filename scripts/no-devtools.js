/** Stands in the bundle for `react-devtools-core`, which Ink loads only under DEV=true. */
const noDevtools = {initialize() {}, connectToDevTools() {}};

export default noDevtools;
