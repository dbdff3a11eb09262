export type ServerEvent = { event: string; data: string };

/**
 * Takes server-sent events out of a stream's text, however it was cut into chunks. Comments and fields other than
 * `event` and `data` are passed over.
 */
export function eventParser(): (chunk: string) => ServerEvent[] {
  let rest = '';
  return (chunk) => {
    const blocks = (rest + chunk).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.map(parseBlock).filter(({ data }) => data !== '');
  };
}

function parseBlock(block: string): ServerEvent {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value] = /^(event|data): ?(.*)$/.exec(line) ?? [];
    if (field === 'event') event = value ?? event;
    if (field === 'data') data.push(value ?? '');
  }
  return { event, data: data.join('\n') };
}
