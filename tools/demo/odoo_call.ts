/** One call of a public method over JSON-2, as an ordinary Odoo user would make it. */
export type OdooCall = <T>(model: string, method: string, args: object) => Promise<T>;

/** A call that fails says which method and what Odoo answered, without the server's traceback. */
export function odooCall(url: string, database: string, apiKey: string): OdooCall {
  return async <T>(model: string, method: string, args: object): Promise<T> => {
    const response = await fetch(new URL(`/json/2/${model}/${method}`, url), {
      method: "POST",
      headers: {
        authorization: `bearer ${apiKey}`,
        "content-type": "application/json",
        "x-odoo-database": database,
      },
      body: JSON.stringify(args),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${model}.${method} answered ${response.status}: ${faultOf(text)}`);
    }
    return JSON.parse(text) as T;
  };
}

function faultOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text.slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}
