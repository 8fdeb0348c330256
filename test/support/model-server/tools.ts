import { fields, leastOf, text } from './json.ts';
import type { ModelRequest, OfferedTool, ReplyCall } from './request.ts';
import type { Call } from './scenario.ts';

// Names that coding agents and our own engine give to these tools.
const WRITE = ['Write', 'write_file', 'write', 'create_file'];
const EDIT = ['Edit', 'edit_file', 'edit', 'replace', 'str_replace'];
const READ = ['Read', 'read_file', 'read'];
const SHELL = ['Bash', 'run_shell_command', 'bash', 'shell', 'shell_command', 'exec_command', 'run', 'run_command'];
const DOCUMENT = ['json', 'StructuredOutput', 'structured_output'];

const PATH = ['file_path', 'filePath', 'path', 'filename', 'absolute_path'];
const CONTENT = ['content', 'contents', 'text'];
const FIND = ['old_string', 'oldString', 'find', 'old_text', 'search'];
const REPLACE = ['new_string', 'newString', 'replace', 'new_text', 'replacement'];
const COMMAND = ['command', 'cmd'];

const offered = ({ tools }: ModelRequest, names: readonly string[]): OfferedTool | undefined =>
  names.map((name) => tools.find((tool) => tool.name === name)).find((tool) => tool !== undefined);

const FOLDERS = [
  /<cwd>(\/[^<\n]+)<\/cwd>/g,
  /(?:working (?:in the )?directory|workspace directory|workspace folder|current directory)[^\n/]{0,40}?[:\s]\s*[`"']?(\/[^\s`"'\n]+)/gi,
];

/** The folder that agents named last, for tools that want absolute paths: a conversation goes on in another one. */
const workingFolder = ({ messages }: ModelRequest): string | null => {
  const said = messages.map((message) => message.text).join('\n');
  const found = FOLDERS.flatMap((folder) => [...said.matchAll(folder)].at(-1)?.[1] ?? []);
  return found[0] ?? null;
};

const nameOf = (tool: OfferedTool, candidates: readonly string[]): string =>
  candidates.find((name) => name in fields(fields(tool.schema).properties)) ?? candidates[0] ?? '';

const pathFor = (tool: OfferedTool, path: string, request: ModelRequest): string => {
  const { description } = fields(fields(fields(tool.schema).properties)[nameOf(tool, PATH)]);
  if (!/absolute/i.test(text(description) + tool.description)) return path;
  const folder = workingFolder(request);
  return folder === null ? path : `${folder.replace(/\/$/, '')}/${path}`;
};

type Input = Readonly<Record<string, unknown>>;

/** Whatever else the tool requires is filled in with the least that it takes. */
const callOf = (tool: OfferedTool, input: Input): Omit<ReplyCall, 'id'> => ({
  name: tool.name,
  input: { ...leastOf(tool.schema), ...input },
});

const shellCall = (request: ModelRequest, command: string): Omit<ReplyCall, 'id'> | null => {
  const tool = offered(request, SHELL);
  if (!tool) return null;
  const name = nameOf(tool, COMMAND);
  const { type } = fields(fields(fields(tool.schema).properties)[name]);
  return callOf(tool, { [name]: type === 'array' ? ['bash', '-lc', command] : command });
};

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** For clients that offer a shell and no tool to write a file. */
const writeByShell = (path: string, content: string): string =>
  `mkdir -p "$(dirname ${quoted(path)})" && printf %s ${quoted(content)} > ${quoted(path)}`;

const writeCall = (request: ModelRequest, path: string, content: string): Omit<ReplyCall, 'id'> | null => {
  const tool = offered(request, WRITE);
  if (!tool) return shellCall(request, writeByShell(path, content));
  return callOf(tool, { [nameOf(tool, PATH)]: pathFor(tool, path, request), [nameOf(tool, CONTENT)]: content });
};

interface Edit {
  readonly path: string;
  readonly find: string;
  readonly replace: string;
}

const editByShell = ({ path, find, replace }: Edit): string => {
  const program =
    'const [p, f, r] = process.argv.slice(1); const { readFileSync: a, writeFileSync: b } = fs; b(p, a(p, "utf8").replace(f, () => r))';
  return `node -e ${[program, path, find, replace].map(quoted).join(' ')}`;
};

const editCall = (request: ModelRequest, edit: Edit): Omit<ReplyCall, 'id'> | null => {
  const tool = offered(request, EDIT);
  if (!tool) return shellCall(request, editByShell(edit));
  return callOf(tool, {
    [nameOf(tool, PATH)]: pathFor(tool, edit.path, request),
    [nameOf(tool, FIND)]: edit.find,
    [nameOf(tool, REPLACE)]: edit.replace,
  });
};

const readCall = (request: ModelRequest, path: string): Omit<ReplyCall, 'id'> | null => {
  const tool = offered(request, READ);
  if (!tool) return shellCall(request, `cat ${quoted(path)}`);
  return callOf(tool, { [nameOf(tool, PATH)]: pathFor(tool, path, request) });
};

/** The call in the words of the client's own tools; `null` where it offers none that does this. */
export const mapCall = (call: Call, request: ModelRequest): Omit<ReplyCall, 'id'> | null => {
  if ('write' in call) return writeCall(request, call.write.path, call.write.content);
  if ('edit' in call) return editCall(request, call.edit);
  if ('read' in call) return readCall(request, call.read);
  if ('shell' in call) return shellCall(request, call.shell);
  return { name: call.tool, input: call.input };
};

/** The tool through which the client wants a document, where it wants one so. */
export const documentTool = (request: ModelRequest): OfferedTool | undefined => offered(request, DOCUMENT);
