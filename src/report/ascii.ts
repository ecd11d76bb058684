/** The drawing characters of our reports and their stand-ins, each as wide as itself so that columns stay straight. */
const standIns: Readonly<Record<string, string>> = {
  '·': '-',
  '×': 'x',
  '…': '~',
  '–': '-',
  '—': '-',
  '→': '>',
  '≤': '<',
  '≥': '>',
  '│': '|',
  '─': '-',
  '█': '#',
  '▓': '%',
  '▒': '.',
  '░': ':',
  '▏': ' ',
  '▎': ' ',
  '▍': ':',
  '▌': ':',
  '▋': '#',
  '▊': '#',
  '▉': '#',
}

/** A report for terminals without Unicode: drawing characters become ASCII, names keep their own letters. */
export function toAscii(text: string): string {
  return text.replace(/[·×…–—→≤≥│─█▓▒░▏▎▍▌▋▊▉]/g, (character) => standIns[character]!)
}
