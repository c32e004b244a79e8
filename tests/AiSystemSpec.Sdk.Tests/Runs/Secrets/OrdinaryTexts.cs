namespace AiSystemSpec.Sdk.Tests.Runs.Secrets;

/// <summary>What a content pipeline writes all day, a line each: many have words, signs or forms that secrets have too.</summary>
internal static class OrdinaryTexts
{
    public static IReadOnlyList<string> All { get; } = Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private const string Lines =
        """
        render-sk-SK-20261125
        translate-sk-SK-subtitles
        sk-learn-pipeline-v2
        sk-learn-random-forest-classifier-2026-11
        render-sk-01HF7YAT31JZHSMW1CG6Q6MHB7
        render-sk-550e8400-e29b-41d4-a716-446655440000
        translate-sk-3f786850e387550fdab836ed7e6dc881de23001b
        sk-SK-20261125T101500Z-subtitles-final
        voice-sk-SK-LukasNeural-20261125-0001
        risk-assessment-of-asia-pacific-2026
        task-3f786850e387550fdab836ed7e6dc881de23001b
        disk-usage-report-2026-11-25
        desk-research-octopus-intelligence
        en-US-JennyNeural
        sk-SK-ViktoriaNeural
        cs-CZ-VlastaNeural:cheerful
        pt-BR-FranciscaNeural
        zh-CN-XiaoxiaoMultilingualNeural
        eleven_multilingual_v2
        21m00Tcm4TlvDq8ikWAM
        gpt-4o-mini-2024-07-18
        claude-sonnet-4-5-20250929
        gemini-2.5-flash-preview-09-2025
        text-embedding-3-large
        stabilityai/stable-diffusion-xl-base-1.0
        meta-llama/Llama-3.3-70B-Instruct
        whisper-large-v3-turbo
        hf_hub_download failed for revision main
        hf_transformers_model_name_or_path
        npm_config_registry is not set
        sb_secret_rotation_policy.md
        sb_publishable_assets
        pk_live_demo is not a table
        AKIA is the beginning of a key's id
        ASIAPACIFICNORTHEAST region
        xoxo-hugs-and-kisses
        The xai-explainability report was written
        eyJub3QiOiJhIHRva2VuIn0
        eyJwYWdlIjozLCJhZnRlciI6IjIwMjYtMTEtMjUifQ==
        /srv/media/2026/11/25/octopus-sleep/final_v3.mp4
        C:\Users\editor\Videos\token economy\cut 3.mov
        ../assets/keyboard-shortcuts.png
        s3://content-factory/renders/octopus/key=frames/part-0001.parquet
        gs://bucket-eu/voices/en-US-JennyNeural/take 2.wav
        file:///var/lib/pipeline/cache/3f/78/6850e387550f
        https://example.com:8080/a@b
        https://medium.com/@author/the-secret-life-of-octopuses-3f786850e387
        https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s
        https://en.wikipedia.org/wiki/Secret:_The_Story
        https://cdn.example.com/i/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.png
        https://api.example.com/v1/items?page_token=CAUQAA&max_tokens=400
        https://api.example.com/v1/search?key=title&sort=desc
        http://localhost:5432/db?user=a@b
        http://[::1]:8080/status@now
        ssh://git@github.com/org/repo.git
        git@github.com:org/repo.git
        docker://alpine:3.19@sha256:6457d53fb065d6f250e1504b9bc42d5b6c65941d57532c072d929dd0628977d0
        postgres://db.internal:5432/content
        postgres://{user}:{password}@{host}:{port}/content
        postgresql://$USER:$PGPASSWORD@localhost/content
        mailto:editor@example.com
        urn:uuid:550e8400-e29b-41d4-a716-446655440000
        arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-password-AbCdEf
        projects/42/secrets/db-password/versions/latest
        550e8400-e29b-41d4-a716-446655440000
        0192f0c1-7d3e-7aaa-8bbb-0242ac120002
        9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
        d41d8cd98f00b204e9800998ecf8427e
        sha256:6457d53fb065d6f250e1504b9bc42d5b6c65941d57532c072d929dd0628977d0
        3f786850e387550fdab836ed7e6dc881de23001b
        commit 3f78685 Merge branch 'tokens'
        etag: "33a64df551425fcc55e4d42a148795d9f25f89d4"
        data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
        data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7
        iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==
        tokens: 1234
        tokens=12; cache_key research:octopus
        {"tokens":1234,"max_tokens":4096,"token_count":17}
        {"prompt_tokens": 812, "completion_tokens": 311, "total_tokens": 1123}
        {"token":" octopus","logprob":-0.31}
        {"cache_key":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
        {"primary_key":"id","foreign_key":"research_id","sort_key":"created_at"}
        {"keyboard":"qwerty","key":"C minor","keyframes":[0,12,24]}
        {"idempotency_key":"render-sk-SK-20261125-3f786850e387550f"}
        {"next_page_token":"CAUQAABBCCDDEE112233445566"}
        {"storage_key":"renders/2026/11/25/octopus.mp4","key_id":"7"}
        {"public_key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"}
        {"author":"J. Key","title":"The Secret Garden","passages":3}
        {"password_policy":"at least 12 characters","has_password":true}
        {"password":""}
        {"password":"***"}
        {"api_key":null,"secret":false}
        {"auth":"none","signature":"def render(scene, voice)"}
        {"token_type":"bearer","expires_in":3600}
        {"cookies":"chocolate chip","biscuits":12}
        {"pass":2,"passes":["first","second"]}
        {"pwd_expired":false,"secretary":"Ms. Smith"}
        {"type":"object","properties":{"api_key":{"type":"string","description":"Your key"}}}
        Host=db;Username=u;Database=d;SSL Mode=Require
        Server=tcp:db.example.com,1433;Initial Catalog=content;Encrypt=True
        host=localhost port=5432 dbname=content sslmode=require
        The key idea: tokens are cheap, a task-oriented secretary disk-formats.
        The secret: start early and read every day.
        The secret: patience and cheese.
        The Secret: How Octopuses Dream
        Secret ingredient: smoked paprika; serves 4
        Password: must be at least 8 characters
        Password: required
        password: 8-character minimum, one digit
        Password is incorrect for user "writer"
        password authentication failed for user "writer"
        FATAL: no password supplied
        The password field cannot be empty.
        Forgot your password? Reset it: it takes a minute.
        Please enter the passphrase, then press any key: Enter
        API key: see the documentation
        Missing required parameter: api_key
        Invalid API key provided: none
        api_key=None, so the client is anonymous
        api_key=os.environ["OPENAI_API_KEY"]
        apiKey: process.env.OPENAI_API_KEY
        token = next(tokens)
        password = getpass()
        password: string; secret: string; apiKey?: string
        if (password == null) throw new ArgumentNullException(nameof(password));
        export OPENAI_API_KEY=$OPENAI_API_KEY
        Set OPENAI_API_KEY=<your key> and try again
        curl -H "Authorization: Bearer $TOKEN" https://api.example.com
        Authorization: required
        Authorization: the header is missing
        401 Unauthorized: missing Authorization header
        WWW-Authenticate: Bearer realm="content", error="invalid_token"
        Bearer authentication required
        The bearer of this letter is a friend.
        Bearer token missing or expired
        Basic understanding of German required
        Basic training is enough
        Basic authorization is off
        invalid_token: the token is expired
        Unexpected token: '<' at position 0
        SyntaxError: Unexpected token } in JSON at position 1432
        token limit reached: 4096 tokens, 128 left
        Tokenizer: cl100k_base, 100256 tokens
        Token: the smallest unit of text
        eos_token=</s> pad_token=<pad> unk_token=<unk>
        rate limit: 429 after 60 requests; retry_after=20
        time sig: 4/4, key sig: D major
        sig=4/4; tempo=120
        The author's signature: a looping J.
        passed: 12, failed: 0, skipped: 3
        first pass: 00:12:31.5, second pass: 00:10:02.1
        boarding pass: gate B12, seat 14C
        compass: 182 degrees; bypass=true
        PWD=/home/runner/work OLDPWD=/tmp
        pwd: /srv/media
        keyboard: qwerty; hotkey=Ctrl+K
        monkey=12, donkey=3, turkey: none
        public key: ed25519
        primary key: id
        Key takeaways: 1) sleep 2) dream
        C minor key: 3 flats
        key=value&other=2
        Answer key: 1b 2c 3a 4d
        Cookie: chocolate chip
        cookies: 12 per tray
        Access key: Alt+Shift+P
        jwt: see RFC 7519
        auth=basic; realm=content
        AuthorizationPolicy: reader
        author: Jane Token
        Secretary: Ms. Smith
        credential: not found
        credentials: include
        --key-frames 12 --tokens 400
        ffmpeg -i in.mp4 -key 12 --preset slow out.mp4
        aispec runs --run render-sk-SK-20261125 --json
        use --password to be asked for it
        --password-file /run/secrets/db
        -----BEGIN CERTIFICATE-----
        -----BEGIN PUBLIC KEY-----
        ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl editor@studio
        System.TimeoutException: the operation has timed out after 00:01:40
        Npgsql.PostgresException (0x80004005): 28P01: password authentication failed for user "app"
           at AiSystemSpec.Sdk.Runs.RunLogger.WriteAsync(RunLogEntry entry) in /_/src/RunLogger.cs:line 57
        HTTP 403: quota exceeded for quota metric 'Tokens' and limit 'Tokens per day'
        Scene 3: the diver whispers "the password is coral" and swims on
        {"scene":3,"line":"He whispers: password, please."}
        Octopus sleep: what we know, and what we do not
        Why do cats purr? 7 answers
        Schlüssel zum Erfolg: Geduld
        Кључ: стрпљење
        鍵：パスワードではない
        😀 done: 3/3
        12:30:45.123
        2026-11-25T10:15:00+01:00
        1.2.3-beta.4+build.5678
        0x7f3c9a2b41d0
        10.0.0.1:6432
        {"a":{"b":[1,2,{"c":"d"}]}}
        root:stage:1
        research/octopus sleep:qa:2
        key-d41d8cd98f00b204e9800998ecf8427e
        token-bucket-limiter-v2
        secrets-of-the-deep-part-2.srt
        password-managers-compared-2026.md
        access-tokens-explained-episode-12
        """;
}
