// 접속기록 화면의 한국어 문구. 이 화면을 여는 사람에게만 전송됩니다. 영어판(en.ts)은 같은 항목을 모두 갖습니다.

import { count } from "../../format";

export const ko = {
  intro:
    "누가, 언제, 어디서, 누구의 정보를, 어떤 업무로 처리했는지 확인합니다. 접속기록을 열람한 사실도 접속기록에 남습니다.",
  ranges: {
    label: "기간 선택",
    today: "오늘",
    week: "최근 7일",
    month: "이번 달",
    lastMonth: "지난달",
  },
  from: "시작일",
  to: "종료일",
  who: "조회자(식별자)",
  whoHelp: "이메일 주소나 토큰 이름 전체",
  task: "수행업무",
  anyTask: "전체",
  subject: "정보주체",
  subjectHelp: "빌링키 또는 실행 그룹 키 전체. 이 브라우저에서 해시한 값만 전송합니다.",
  wrongRange: "종료일이 시작일보다 빠릅니다.",
  submit: "조회",
  reading: (n: number) => `접속기록을 읽는 중입니다… ${count(n)}건`,
  stop: "멈추기",
  found: (n: number, isAll: boolean) => (isAll ? `${count(n)}건` : `최근 ${count(n)}건`),
  more: (n: number) => `이전 기록 더 보기 (최대 ${count(n)}건)`,
  none: "조건에 맞는 접속기록이 없습니다.",
  table: "접속기록 목록",
  columns: {
    at: "접속일시 (KST)",
    who: "조회자(식별자)",
    task: "수행업무",
    subject: "정보주체",
    outcome: "결과",
    rows: "건수",
    address: "접속지",
    reason: "사유",
  },
  check: {
    title: "위·변조 검증",
    intro:
      "선택한 기간의 모든 항목에 대해 해시를 다시 계산하고 앞뒤 항목이 이어지는지 확인합니다. 조회자·수행업무·정보주체 조건은 적용하지 않습니다.",
    known: "지난 점검표의 마지막 해시 (선택)",
    beginning: "보관 시작",
    now: "현재",
    submit: (from: string, to: string) => `${from} ~ ${to} 검증`,
    file: "내려받은 파일 검증",
    reading: (n: number) => `검증 중입니다… ${count(n)}건`,
    noFile:
      "접속기록 파일이 아닙니다. 이 화면이나 API로 내려받은 CSV·JSON, 또는 보관 파일(JSONL)을 선택하세요.",
    good: (n: number) => `이상 없음: ${count(n)}건의 해시와 연결이 모두 맞습니다`,
    bad: (n: number) => `이상 발견: 위·변조나 누락이 의심되는 항목 ${count(n)}건`,
    nothing: "검증할 항목이 없습니다",
    unknown: "지난 점검표의 해시를 이 기간에서 찾지 못했습니다",
    found: (chain: string, sequence: number) =>
      `지난 점검표의 해시는 ${chain} ${count(sequence)}번 항목의 해시와 같습니다.`,
    at: (at: string) => `${at} (KST) 검증`,
    more: (n: number) => `그 밖에 ${count(n)}건`,
    chains: "체인별 검증 결과",
    columns: { chain: "체인", sequence: "순번", count: "건수", hash: "마지막 해시" },
    chainNames: (chain: string) =>
      chain === "people"
        ? "people (사람)"
        : chain === "refused"
          ? "refused (로그인 실패)"
          : chain.startsWith("programs")
            ? `${chain} (프로그램)`
            : chain,
    faults: {
      changed: "내용이 기록 당시의 해시와 다릅니다 (변경 의심)",
      missing: "바로 앞 항목이 없습니다 (삭제 의심)",
      unlinked: "앞 항목의 해시와 이어지지 않습니다 (변경 의심)",
      reordered: "순서가 바뀌었습니다",
      repeated: "같은 항목이 두 번 있습니다",
      cut: "체인의 처음이나 끝에 있어야 할 항목이 없습니다 (삭제 의심)",
    },
    notes: {
      newest: "가장 최근 항목까지 확인했습니다.",
      notNewest: "종료일 이후의 항목은 확인하지 않았습니다.",
      oldest: "보관 중인 가장 오래된 항목까지 확인했습니다.",
      notOldest: "시작일 이전의 항목은 확인하지 않았습니다.",
      file: "파일에 들어 있는 항목만 확인했습니다. 조건으로 거른 파일은 항목이 이어지지 않습니다.",
      whole:
        "체인 전체를 새로 만든 경우는 이 검증만으로 알 수 없습니다. 마지막 해시를 지난 점검표나 보관 파일(R2)과 대조하세요.",
    },
  },
  details: "상세",
  detailsOf: (at: string) => `${at} 접속기록 상세`,
  fields: {
    method: "인증수단",
    requestId: "추적 번호",
    chain: "체인",
    sequence: "순번",
    previous: "앞 항목의 해시",
    hash: "해시",
    key: "암호화 키",
  },
  nothing: "없음",
  unreadable: "복호화 불가 (암호화 키 없음)",
  people: {
    program: (name: string) => `${name} (프로그램)`,
    admin: "관리자 토큰",
    nobody: "미상 (로그인 실패)",
    system: "시스템",
  },
  tasks: {
    payout_requests: "지급이체 요청 조회",
    billing_key: "빌링키 조회",
    sign_in: "로그인",
    sign_out: "로그아웃",
    export: "파일 내보내기",
    print: "인쇄",
    show: "가림 해제",
    read_records: "접속기록 열람",
    retention: "보관기간 경과 삭제",
  } as Record<string, string>,
  methods: {
    token: "토큰",
    session: "토큰 로그인",
    access: "Cloudflare Access",
    emergency: "관리자 토큰 (비상용)",
    binding: "서비스 바인딩",
    none: "인증 안 됨",
  } as Record<string, string>,
  outcomes: {
    ok: "정상",
    not_signed_in: "인증 실패",
    role_missing: "권한 없음",
    export_forbidden: "내보내기 금지",
    rejected: "페이플 거절",
    authentication: "파트너 인증 거절",
    invalid_input: "입력 오류",
    invalid_config: "설정 오류",
    unavailable: "연결 실패",
    timeout: "응답 지연",
    protocol: "응답 형식 오류",
    aborted: "조회 취소",
    internal: "내부 오류",
  } as Record<string, string>,
};

export type RecordWords = typeof ko;
