// Nest: a controller that looks up, by the client that it is given.

import "reflect-metadata";
import { Controller, Get, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { PaypleClient } from "payple-edge";
import { askBy } from "./ask";
import { PaypleModule } from "./payple.module";

@Controller()
class LookUpController {
  constructor(private readonly payple: PaypleClient) {}

  @Get()
  lookUp() {
    return askBy(this.payple);
  }
}

@Module({ imports: [PaypleModule], controllers: [LookUpController] })
class AppModule {}

async function main() {
  const app = await NestFactory.create(AppModule, { logger: ["error"] });
  await app.listen(Number(process.env["PORT"]), "127.0.0.1");
}

void main();
