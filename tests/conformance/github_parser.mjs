// Reads workflows with GitHub's own parser and language service and prints one JSON finding a line; must not use the network.
import { readFileSync } from 'node:fs';
import { register } from 'node:module';

register('./json_imports.mjs', import.meta.url);
const { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } = await import('@actions/workflow-parser');
const { validate } = await import('@actions/languageservice');
const { TextDocument } = await import('vscode-languageserver-textdocument');

const say = (path, rule, message) => console.log(JSON.stringify({ path, rule, message }));

for (const path of process.argv.slice(2)) {
  const content = readFileSync(path, 'utf8');
  const { context, value } = parseWorkflow({ name: path, content }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  for (const error of context.errors.getErrors()) say(path, 'parse', error.message);
  for (const { message, range, severity } of await validate(TextDocument.create(`file:///${path}`, 'yaml', 1, content))) {
    if ((severity ?? 1) <= 2) say(path, 'validate', `line ${range.start.line + 1}: ${message}`);
  }
}
