declare module "odoo-xmlrpc" {
  type Callback = (error: unknown, value: unknown) => void;
  class Odoo {
    constructor(config: {
      url: string;
      port?: number;
      db: string;
      username: string;
      password: string;
    });
    connect(callback: Callback): void;
    execute_kw(model: string, method: string, params: unknown[], callback: Callback): void;
  }
  export default Odoo;
}
