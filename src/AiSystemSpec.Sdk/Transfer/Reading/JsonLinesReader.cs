using System.Runtime.CompilerServices;

namespace AiSystemSpec.Sdk.Transfer.Reading;

/// <summary>A JSON object a line.</summary>
internal sealed class JsonLinesReader(TransferTable table, FileBytes bytes) : IRecordReader
{
    public async IAsyncEnumerable<FileRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long line = 1; ; line++)
        {
            var looked = 0;
            int length;
            while ((length = bytes.Unread[looked..].IndexOf((byte)'\n')) < 0)
            {
                looked = bytes.Unread.Length;
                if (!await bytes.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    break;
                }
            }

            var isEnd = length < 0;
            length = isEnd ? bytes.Unread.Length : looked + length;
            var text = bytes.Unread[..length].Trim(" \t\r"u8).ToArray();
            bytes.Pass(isEnd ? length : length + 1);
            if (text.Length > 0)
            {
                yield return JsonRecord.Read(table, line, text);
            }

            if (isEnd)
            {
                yield break;
            }
        }
    }
}
