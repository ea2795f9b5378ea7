// What would be emitted, beside the sources: follows changes, and leads from a line to its source and back.
// Must not know any artifact's syntax.

import * as vscode from 'vscode'
import { ask, location, type Place } from './server'

export const SCHEME = 'stackc-preview'

/** Lines of an artifact, both included, and what made them. */
interface Origin {
  start: number
  end: number
  location: Place | null
  subject: string | null
  value: string | null
}

interface Artifact {
  path: string
  text: string
  map?: Origin[]
}

/** An artifact that somebody looks at. */
interface Shown {
  source: string
  environment: string | undefined
  artifact: Artifact
}

/** Long enough that typing asks once, short enough to look immediate. */
const PAUSE = 400

export class Previews implements vscode.TextDocumentContentProvider, vscode.DefinitionProvider, vscode.HoverProvider {
  private readonly shown = new Map<string, Shown>()
  private readonly texts = new Map<string, string>()
  private readonly changes = new vscode.EventEmitter<vscode.Uri>()
  private readonly partners = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.rangeHighlightForeground'),
  })
  private timer: NodeJS.Timeout | undefined
  readonly onDidChange = this.changes.event

  register(): vscode.Disposable[] {
    return [
      this.partners,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.languages.registerDefinitionProvider({ scheme: SCHEME }, this),
      vscode.languages.registerHoverProvider({ scheme: SCHEME }, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.follow(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => uri.scheme === SCHEME && this.forget(uri)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.mark(textEditor)),
    ]
  }

  /** Asks which artifact of the environment, and opens it beside the source. */
  async choose(source: string, environment: string | undefined): Promise<void> {
    const found = await ask<{ artifacts: Artifact[] }>('stackc/preview', { uri: source, environment })
    if (!found) return
    const items = found.artifacts.map(({ path }) => ({ label: path }))
    const choice = await vscode.window.showQuickPick(items, { placeHolder: 'Which artifact?' })
    const artifact = choice && (await this.emitted(source, environment, choice.label, false))
    if (!artifact) return
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${artifact.path}`, query: source })
    this.shown.set(uri.toString(), { source, environment, artifact })
    await this.open(uri, artifact.text)
  }

  /** Any other text, such as a page of a code. */
  async page(name: string, text: string): Promise<vscode.Uri> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}` })
    this.texts.set(uri.toString(), text)
    this.changes.fire(uri)
    return uri
  }

  /** From a line of an artifact to its source, or from a source to its first line in an artifact that is open. */
  async jump(): Promise<void> {
    const editor = vscode.window.activeTextEditor
    if (!editor) return
    const line = editor.selection.active.line
    if (editor.document.uri.scheme === SCHEME) {
      const place = this.origin(editor.document.uri, line)?.location
      if (place) await show(location(place))
      return
    }
    const found = this.visible().flatMap(({ uri, shown }) => made(shown, editor).map(({ start, end }) => ({ uri, start, end })))[0]
    if (found) await show(new vscode.Location(found.uri, new vscode.Range(found.start, 0, found.start, 0)))
    else void vscode.window.showInformationMessage('No open preview has a line that this place makes.')
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? ''
  }

  provideDefinition(document: vscode.TextDocument, position: vscode.Position): vscode.Location | undefined {
    const place = this.origin(document.uri, position.line)?.location
    return place ? location(place) : undefined
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const origin = this.origin(document.uri, position.line)
    if (!origin?.subject) return undefined
    const text = origin.value === null ? origin.subject : `${origin.subject} = ${origin.value}`
    return new vscode.Hover(new vscode.MarkdownString().appendCodeblock(text, 'stack'))
  }

  private async emitted(uri: string, environment: string | undefined, path: string, quietly: boolean): Promise<Artifact | undefined> {
    const found = await ask<{ artifacts: Artifact[] }>('stackc/preview', { uri, environment, path, map: true }, quietly)
    return found?.artifacts[0]
  }

  private async open(uri: vscode.Uri, text: string): Promise<void> {
    this.texts.set(uri.toString(), text)
    this.changes.fire(uri)
    const document = await vscode.workspace.openTextDocument(uri)
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true })
  }

  private forget(uri: vscode.Uri): void {
    this.shown.delete(uri.toString())
    this.texts.delete(uri.toString())
  }

  private origin(uri: vscode.Uri, line: number): Origin | undefined {
    return this.shown.get(uri.toString())?.artifact.map?.find(({ start, end }) => start <= line && line <= end)
  }

  private visible(): { uri: vscode.Uri; shown: Shown; editor: vscode.TextEditor }[] {
    return vscode.window.visibleTextEditors.flatMap(editor => {
      const uri = editor.document.uri
      const shown = this.shown.get(uri.toString())
      return shown ? [{ uri, shown, editor }] : []
    })
  }

  /** While a system has errors, its previews show what it last was. */
  private follow(document: vscode.TextDocument): void {
    if (document.languageId !== 'stack' || this.shown.size === 0) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.refresh(), PAUSE)
  }

  private async refresh(): Promise<void> {
    for (const [key, shown] of this.shown) {
      const artifact = await this.emitted(shown.source, shown.environment, shown.artifact.path, true)
      if (!artifact) continue
      shown.artifact = artifact
      this.texts.set(key, artifact.text)
      this.changes.fire(vscode.Uri.parse(key))
    }
  }

  /** Shows on the other side what belongs to the cursor's line. */
  private mark(editor: vscode.TextEditor): void {
    const { uri, languageId } = editor.document
    if (uri.scheme === SCHEME) {
      const place = this.origin(uri, editor.selection.active.line)?.location
      const target = place ? location(place) : undefined
      for (const other of vscode.window.visibleTextEditors.filter(it => it.document.languageId === 'stack')) {
        this.highlight(other, target?.uri.toString() === other.document.uri.toString() ? [target.range] : [])
      }
    } else if (languageId === 'stack') {
      for (const { shown, editor: other } of this.visible()) {
        this.highlight(other, made(shown, editor).map(({ start, end }) => new vscode.Range(start, 0, end, 0)))
      }
    } else return
    editor.setDecorations(this.partners, [])
  }

  private highlight(editor: vscode.TextEditor, ranges: vscode.Range[]): void {
    editor.setDecorations(this.partners, ranges)
    if (ranges[0]) editor.revealRange(ranges[0], vscode.TextEditorRevealType.InCenterIfOutsideViewport)
  }
}

/** The lines that come from the closest declaration around the cursor. */
function made({ artifact }: Shown, source: vscode.TextEditor): Origin[] {
  const uri = source.document.uri.toString()
  const line = source.selection.active.line
  const around = (artifact.map ?? []).flatMap(origin => {
    const range = origin.location ? location(origin.location) : undefined
    const here = range?.uri.toString() === uri && range.range.start.line <= line && line <= range.range.end.line
    return here ? [{ origin, height: range.range.end.line - range.range.start.line }] : []
  })
  const closest = Math.min(...around.map(({ height }) => height))
  return around.filter(({ height }) => height === closest).map(({ origin }) => origin)
}

/** In the editor that shows the file already, if there is one. */
async function show(target: vscode.Location): Promise<void> {
  const open = vscode.window.visibleTextEditors.find(it => it.document.uri.toString() === target.uri.toString())
  const document = await vscode.workspace.openTextDocument(target.uri)
  await vscode.window.showTextDocument(document, { viewColumn: open?.viewColumn ?? vscode.ViewColumn.One, selection: target.range })
}
