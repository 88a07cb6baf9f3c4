import type { DeadLetterDto, DeadLetterStateDto, DeadLetterSummaryDto, Problem } from '@wiber/contracts';

/** The whole answer, whether it is a state or a problem. */
export interface OperatorAnswer {
  status: number;
  headers: Headers;
  body: DeadLetterStateDto & Problem;
}

/** The calls of an operator over HTTP. */
export class OperatorClient {
  private readonly url: string;
  private readonly headers: Record<string, string>;

  constructor(url: string, token: string, who = 'dora') {
    this.url = url;
    this.headers = { Authorization: `Bearer ${token}`, 'X-Operator': who };
  }

  async list(query = ''): Promise<DeadLetterSummaryDto[]> {
    return (await this.get(`/dead-letters${query}`)).json() as Promise<DeadLetterSummaryDto[]>;
  }

  async show(id: string): Promise<DeadLetterDto> {
    return (await this.get(`/dead-letters/${id}`)).json() as Promise<DeadLetterDto>;
  }

  /** Follows the Link headers from the page of a query to the last one. */
  async walk(query: string): Promise<DeadLetterSummaryDto[][]> {
    const pages: DeadLetterSummaryDto[][] = [];
    for (let path: string | undefined = `/dead-letters${query}`; path;) {
      const answer: Response = await this.get(path);
      pages.push((await answer.json()) as DeadLetterSummaryDto[]);
      path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    return pages;
  }

  replay(id: string, body?: unknown): Promise<OperatorAnswer> {
    return this.post(`/dead-letters/${id}/replay`, body);
  }

  discard(id: string, body?: unknown): Promise<OperatorAnswer> {
    return this.post(`/dead-letters/${id}/discard`, body);
  }

  private async post(path: string, body: unknown): Promise<OperatorAnswer> {
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const answer = await fetch(this.url + path, { method: 'POST', headers: { ...this.headers, ...type }, ...given });
    const { status, headers } = answer;
    return { status, headers, body: (await answer.json()) as OperatorAnswer['body'] };
  }

  private async get(path: string): Promise<Response> {
    const answer = await fetch(this.url + path, { headers: this.headers });
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
    return answer;
  }
}
