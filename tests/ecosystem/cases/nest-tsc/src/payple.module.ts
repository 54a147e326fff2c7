// One client for the whole application, as docs/npm.md has it.

import { Module } from "@nestjs/common";
import { PaypleClient } from "payple-edge";
import { clientOf } from "./ask";

@Module({
  providers: [{ provide: PaypleClient, useFactory: () => clientOf(process.env["SANDBOX"]!) }],
  exports: [PaypleClient],
})
export class PaypleModule {}
