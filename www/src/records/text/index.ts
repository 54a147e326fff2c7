// The words of the access record's view in the language chosen.

import { computed } from "@preact/signals";
import { language } from "../../settings";
import { en } from "./en";
import { ko } from "./ko";

export const words = computed(() => (language.value === "ko" ? ko : en));
