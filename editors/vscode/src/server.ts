// The language server as the other files see it. Must not show anything but why a request failed.

import { execFile } from 'child_process'
import * as fs from 'fs'
import * as path from 'path'
import { promisify } from 'util'
import * as vscode from 'vscode'
import { LanguageClient } from 'vscode-languageclient/node'

/** A place as the protocol writes it. */
export interface Place {
  uri: string
  range: { start: vscode.Position; end: vscode.Position }
}

let client: LanguageClient | undefined

export async function start(context: vscode.ExtensionContext): Promise<void> {
  const command = program(context)
  client = new LanguageClient('stackc', 'stackc', { command, args: ['lsp'] }, {
    documentSelector: [{ language: 'stack', scheme: 'file' }],
  })
  try {
    await client.start()
  } catch (problem) {
    const choice = await vscode.window.showErrorMessage(`stackc cannot be started as \`${command}\`: ${problem}`, 'Open Settings')
    if (choice) await vscode.commands.executeCommand('workbench.action.openSettings', 'stackc.path')
  }
}

export async function stop(): Promise<void> {
  await client?.stop()
}

/** The answer to a request of our own; people are told when there is none, unless they did not ask. */
export async function ask<T>(method: string, params: object, quietly = false): Promise<T | undefined> {
  try {
    return await client?.sendRequest<T>(method, params)
  } catch (problem) {
    if (!quietly) void vscode.window.showWarningMessage(`stackc: ${problem instanceof Error ? problem.message : problem}`)
    return undefined
  }
}

/** What the command line answers. */
export async function run(context: vscode.ExtensionContext, words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program(context), ['--color', 'never', ...words])
  return stdout
}

export function location(place: Place): vscode.Location {
  const { start, end } = place.range
  return new vscode.Location(vscode.Uri.parse(place.uri), new vscode.Range(start.line, start.character, end.line, end.character))
}

/** What the settings say, else the program in the extension, else the one on the PATH. */
function program(context: vscode.ExtensionContext): string {
  const configured = vscode.workspace.getConfiguration('stackc').get<string>('path')
  if (configured) return configured
  const name = process.platform === 'win32' ? 'stackc.exe' : 'stackc'
  const bundled = path.join(context.extensionPath, 'server', name)
  return fs.existsSync(bundled) ? bundled : name
}
