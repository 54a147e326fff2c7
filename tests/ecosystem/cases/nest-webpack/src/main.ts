// Nest: a controller that looks up.

import "reflect-metadata";
import { Controller, Get, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ask } from "./ask";

@Controller()
class LookUpController {
  @Get()
  lookUp() {
    return ask(process.env["SANDBOX"]!);
  }
}

@Module({ controllers: [LookUpController] })
class AppModule {}

async function main() {
  const app = await NestFactory.create(AppModule, { logger: ["error"] });
  await app.listen(Number(process.env["PORT"]), "127.0.0.1");
}

void main();
