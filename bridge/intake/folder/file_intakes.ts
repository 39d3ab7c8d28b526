/** The file intakes that the connections ask for. */
import type { Connection } from "../../connection.ts";
import { LocalFiles } from "../../peer/local_files.ts";
import { SftpFiles } from "../../peer/sftp_files.ts";
import { FileIntake, type FileIntakeParts } from "./file_intake.ts";

type Shared = Omit<FileIntakeParts, "connection" | "channel" | "files" | "config">;

/** One for each enabled folder and SFTP server with an `in`; `close` ends their connections. */
export function createFileIntakes(
  connections: readonly Connection[],
  shared: Shared,
): { intakes: FileIntake[]; close: () => Promise<void> } {
  const intakes: FileIntake[] = [];
  const servers: SftpFiles[] = [];
  for (const connection of connections) {
    for (const channel of ["folder", "sftp"] as const) {
      const { folder, sftp } = connection.config;
      const given = channel === "folder" ? folder : sftp;
      if (given?.enabled !== true) continue;
      const { in: from, archive, error } = given;
      if (from === undefined || archive === undefined || error === undefined) continue;
      const config = { ...given, in: from, archive, error };
      const server = channel === "sftp" && sftp ? new SftpFiles(connection.code, sftp) : undefined;
      if (server !== undefined) servers.push(server);
      const files = server ?? new LocalFiles();
      intakes.push(new FileIntake({ ...shared, connection, channel, files, config }));
    }
  }
  return {
    intakes,
    close: async () => void (await Promise.all(servers.map((it) => it.close()))),
  };
}
