// The editor's side of stackc: its commands, and the environment that previews are of. Must not know the language.

import * as vscode from 'vscode'
import { draw, type Graph } from './graph'
import { Previews, SCHEME } from './preview'
import { ask, run, start, stop } from './server'

const ALL = 'all environments'

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const previews = new Previews()
  const status = vscode.window.createStatusBarItem('stackc.environment', vscode.StatusBarAlignment.Right, 100)
  status.command = 'stackc.selectEnvironment'
  status.name = 'stackc environment'
  const update = () => showEnvironment(context, status)
  context.subscriptions.push(
    status,
    ...previews.register(),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.commands.registerCommand('stackc.preview', target => preview(context, previews, target)),
    vscode.commands.registerCommand('stackc.jump', () => previews.jump()),
    vscode.commands.registerCommand('stackc.graph', graph),
    vscode.commands.registerCommand('stackc.selectEnvironment', () => selectEnvironment(context).then(update)),
    vscode.commands.registerCommand('stackc.explain', () => explain(context, previews)),
    vscode.commands.registerCommand('stackc.showReferences', showReferences),
    vscode.commands.registerCommand('stackc.restart', () => stop().then(() => start(context))),
  )
  update()
  await start(context)
}

export async function deactivate(): Promise<void> {
  await stop()
}

function current(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor
  return editor?.document.languageId === 'stack' ? editor : undefined
}

function environment(context: vscode.ExtensionContext): string | undefined {
  return context.workspaceState.get<string>('environment')
}

function showEnvironment(context: vscode.ExtensionContext, status: vscode.StatusBarItem): void {
  status.text = `$(server-environment) ${environment(context) ?? ALL}`
  status.tooltip = 'What stackc previews'
  if (current() || vscode.window.activeTextEditor?.document.uri.scheme === SCHEME) status.show()
  else status.hide()
}

/** Of the environment whose lens was clicked, else of the selected one. */
async function preview(
  context: vscode.ExtensionContext,
  previews: Previews,
  target?: { uri?: string; environment?: string },
): Promise<void> {
  const uri = target?.uri ?? current()?.document.uri.toString()
  if (uri) await previews.choose(uri, target?.environment ?? environment(context))
}

async function graph(): Promise<void> {
  const uri = current()?.document.uri.toString()
  const found = uri && (await ask<Graph>('stackc/graph', { uri }))
  if (found) draw(found)
}

async function selectEnvironment(context: vscode.ExtensionContext): Promise<void> {
  const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', '')
  const names = symbols.filter(symbol => symbol.kind === vscode.SymbolKind.Namespace).map(symbol => symbol.name)
  const choice = await vscode.window.showQuickPick([ALL, ...new Set(names)], { placeHolder: 'Preview which environment?' })
  if (choice) await context.workspaceState.update('environment', choice === ALL ? undefined : choice)
}

/** The page of the problem at the cursor, else of one that people choose. */
async function explain(context: vscode.ExtensionContext, previews: Previews): Promise<void> {
  const editor = current()
  const here = editor && vscode.languages.getDiagnostics(editor.document.uri).find(it => it.range.contains(editor.selection.active))
  const code = typeof here?.code === 'object' ? here.code.value : here?.code
  const wanted = code ?? (await chooseCode(context))
  if (!wanted) return
  const uri = await previews.page(`${wanted}.md`, await run(context, ['explain', String(wanted)]))
  await vscode.commands.executeCommand('markdown.showPreviewToSide', uri)
}

async function chooseCode(context: vscode.ExtensionContext): Promise<string | undefined> {
  const pages = (await run(context, ['explain'])).matchAll(/^([A-Z]\d+)\s+(\S.*)$/gm)
  const items = [...pages].map(([, code, name]) => ({ label: code ?? '', description: name }))
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Which code?' }))?.label
}

async function showReferences(uri: string, position: { line: number; character: number }): Promise<void> {
  const place = new vscode.Position(position.line, position.character)
  const target = vscode.Uri.parse(uri)
  const found = await vscode.commands.executeCommand<vscode.Location[]>('vscode.executeReferenceProvider', target, place)
  await vscode.commands.executeCommand('editor.action.showReferences', target, place, found)
}
