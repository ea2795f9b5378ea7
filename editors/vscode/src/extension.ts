// The editor's side of stackc: starts the language server and shows what it can preview. Must not know the language.

import * as fs from 'fs'
import * as path from 'path'
import * as vscode from 'vscode'
import { LanguageClient, type ServerOptions } from 'vscode-languageclient/node'

const SCHEME = 'stackc-preview'

interface Artifact {
  path: string
  text: string
}

interface Graph {
  nodes: { name: string; kind: string }[]
  edges: { from: string; to: string }[]
}

let client: LanguageClient | undefined

/** What the last previews showed, by the path of their documents. */
class Previews implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>()
  private readonly changes = new vscode.EventEmitter<vscode.Uri>()
  readonly onDidChange = this.changes.event

  show(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: '/' + name })
    this.texts.set(uri.path, text)
    this.changes.fire(uri)
    return uri
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? ''
  }
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const previews = new Previews()
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, previews),
    vscode.commands.registerCommand('stackc.preview', target => preview(context, previews, target)),
    vscode.commands.registerCommand('stackc.graph', () => graph(previews)),
    vscode.commands.registerCommand('stackc.selectEnvironment', () => selectEnvironment(context)),
    vscode.commands.registerCommand('stackc.explain', () => explain()),
    vscode.commands.registerCommand('stackc.showReferences', showReferences),
    vscode.commands.registerCommand('stackc.restart', async () => {
      await client?.stop()
      await start(context)
    }),
  )
  await start(context)
}

export async function deactivate(): Promise<void> {
  await client?.stop()
}

async function start(context: vscode.ExtensionContext): Promise<void> {
  const command = program(context)
  const server: ServerOptions = { command, args: ['lsp'] }
  client = new LanguageClient('stackc', 'stackc', server, {
    documentSelector: [{ language: 'stack', scheme: 'file' }],
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher('**/{*.stack,stackc.toml,stackc.lock}') },
  })
  try {
    await client.start()
  } catch (problem) {
    const choice = await vscode.window.showErrorMessage(`stackc cannot be started as \`${command}\`: ${problem}`, 'Open Settings')
    if (choice) await vscode.commands.executeCommand('workbench.action.openSettings', 'stackc.path')
  }
}

/** What the settings say, else the program in the extension, else the one on the PATH. */
function program(context: vscode.ExtensionContext): string {
  const configured = vscode.workspace.getConfiguration('stackc').get<string>('path')
  if (configured) return configured
  const name = process.platform === 'win32' ? 'stackc.exe' : 'stackc'
  const bundled = path.join(context.extensionPath, 'server', name)
  return fs.existsSync(bundled) ? bundled : name
}

function current(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor
  return editor?.document.languageId === 'stack' ? editor : undefined
}

async function ask<T>(method: string, params: object): Promise<T | undefined> {
  try {
    return await client?.sendRequest<T>(method, params)
  } catch (problem) {
    await vscode.window.showWarningMessage(`stackc: ${problem instanceof Error ? problem.message : problem}`)
    return undefined
  }
}

/** Lets people choose an artifact of an environment and shows it beside the source. */
async function preview(
  context: vscode.ExtensionContext,
  previews: Previews,
  target?: { uri: string; environment?: string },
): Promise<void> {
  const uri = target?.uri ?? current()?.document.uri.toString()
  if (!uri) return
  const environment = target?.environment ?? context.workspaceState.get<string>('environment')
  const found = await ask<{ artifacts: Artifact[] }>('stackc/preview', { uri, environment })
  if (!found) return
  const items = found.artifacts.map(artifact => ({ label: artifact.path, artifact }))
  const choice = await vscode.window.showQuickPick(items, { placeHolder: 'Which artifact?' })
  if (!choice) return
  const document = await vscode.workspace.openTextDocument(previews.show(choice.artifact.path, choice.artifact.text))
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true })
}

async function graph(previews: Previews): Promise<void> {
  const uri = current()?.document.uri.toString()
  const found = uri && (await ask<Graph>('stackc/graph', { uri }))
  if (!found) return
  const lines = [
    '# Who needs whom',
    '',
    '```mermaid',
    'flowchart LR',
    ...found.nodes.map(node => `  ${node.name}[${node.kind} ${node.name}]`),
    ...found.edges.map(edge => `  ${edge.from} --> ${edge.to}`),
    '```',
    '',
  ]
  const document = await vscode.workspace.openTextDocument(previews.show('graph.md', lines.join('\n')))
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside })
}

async function selectEnvironment(context: vscode.ExtensionContext): Promise<void> {
  const uri = current()?.document.uri
  if (!uri) return
  const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', '')
  const names = symbols.filter(symbol => symbol.kind === vscode.SymbolKind.Namespace).map(symbol => symbol.name)
  const all = 'all environments'
  const choice = await vscode.window.showQuickPick([all, ...names])
  if (choice) await context.workspaceState.update('environment', choice === all ? undefined : choice)
}

async function explain(): Promise<void> {
  const editor = current()
  const here = editor && vscode.languages.getDiagnostics(editor.document.uri).find(it => it.range.contains(editor.selection.active))
  const code = here?.code
  if (typeof code === 'object') await vscode.env.openExternal(code.target)
  else await vscode.window.showInformationMessage('There is no problem of stackc at the cursor.')
}

async function showReferences(uri: string, position: { line: number; character: number }): Promise<void> {
  const place = new vscode.Position(position.line, position.character)
  const target = vscode.Uri.parse(uri)
  const found = await vscode.commands.executeCommand<vscode.Location[]>('vscode.executeReferenceProvider', target, place)
  await vscode.commands.executeCommand('editor.action.showReferences', target, place, found)
}
