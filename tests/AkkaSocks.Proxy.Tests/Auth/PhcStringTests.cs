using System.Text;
using AkkaSocks.Proxy.Auth;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth;

public sealed class PhcStringTests
{
    private const string Salt = "c29tZXNhbHRzb21lc2FsdA";
    private const string Hash = "K13EBUiG7JV+9ZxztmHFTdb7J0WQsnj2V8bZaqyPptE";

    // Argon2id by Debian's argon2 0~20171227 (the reference code), for example:
    //   echo -n password | argon2 somesaltsomesalt -id -v 13 -t 2 -k 19456 -p 1 -l 32 -e
    // PBKDF2 by Python's hashlib.pbkdf2_hmac('sha256', …, 32).
    [Theory]
    [InlineData("password", $"$argon2id$v=19$m=19456,t=2,p=1${Salt}${Hash}")]
    [InlineData("password", $"$argon2id$v=19$m=64,t=1,p=1${Salt}$s0pH2PxtsBd08+8ZO8n1lw")]
    [InlineData("s3cret", TestLogin.CheapHashOfS3cret)]
    [InlineData("password", $"$pbkdf2-sha256$i=600000${Salt}$ivf+fieW0XSkO4ug266G8XCK0Fb1q2B2QH0uwQrFHLw")]
    [InlineData("s3cret", "$pbkdf2-sha256$i=1000$MDEyMzQ1Njc4OWFiY2RlZg$Pz0s4HPO+TyHnyTxIR8Lx+fEZojc3Lc26DQkf4ZOWCk")]
    public void Hashes_of_other_programs_are_matched_by_their_password_only(string password, string phc)
    {
        Assert.True(PasswordHash.TryParse(phc, out var hash, out _));
        Assert.True(hash.Matches(Encoding.UTF8.GetBytes(password)));
        Assert.False(hash.Matches(Encoding.UTF8.GetBytes(password + " ")));
        Assert.False(hash.Matches([]));
        Assert.Equal(phc, PhcString.Write(hash));
    }

    [Theory]
    [InlineData("", "not a PHC string")]
    [InlineData("hunter2", "not a PHC string")]
    [InlineData("argon2id$v=19$m=64,t=1,p=1", "not a PHC string")]
    [InlineData("$", "neither argon2id nor")]
    [InlineData("$ecret", "neither argon2id nor")]
    [InlineData($"$argon2i$v=19$m=64,t=1,p=1${Salt}${Hash}", "neither argon2id nor")]
    [InlineData($"$argon2d$v=19$m=64,t=1,p=1${Salt}${Hash}", "neither argon2id nor")]
    [InlineData("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "neither argon2id nor")]
    [InlineData("$argon2id", "is written $argon2id$v=19$")]
    [InlineData($"$argon2id$m=64,t=1,p=1${Salt}${Hash}", "is written $argon2id$v=19$")]
    [InlineData($"$argon2id$v=19$m=64,t=1,p=1${Salt}${Hash}$", "is written $argon2id$v=19$")]
    [InlineData($"$argon2id$v=16$m=64,t=1,p=1${Salt}${Hash}", "only version 1.3")]
    [InlineData($"$argon2id$v=19$m=64,t=1${Salt}${Hash}", "m=…,t=…,p=…")]
    [InlineData($"$argon2id$v=19$t=1,m=64,p=1${Salt}${Hash}", "m=…,t=…,p=…")]
    [InlineData($"$argon2id$v=19$m=64,t=1,p=1,x=1${Salt}${Hash}", "m=…,t=…,p=…")]
    [InlineData($"$argon2id$v=19$m=,t=1,p=1${Salt}${Hash}", "m=…,t=…,p=…")]
    [InlineData($"$argon2id$v=19$m=064,t=1,p=1${Salt}${Hash}", "m=…,t=…,p=…")]
    [InlineData($"$argon2id$v=19$m=-64,t=1,p=1${Salt}${Hash}", "m=…,t=…,p=…")]
    [InlineData($"$argon2id$v=19$m=99999999999,t=1,p=1${Salt}${Hash}", "m=…,t=…,p=…")]
    [InlineData($"$argon2id$v=19$m=7,t=1,p=1${Salt}${Hash}", "its m (KiB of memory)")]
    [InlineData($"$argon2id$v=19$m=262145,t=1,p=1${Salt}${Hash}", "its m (KiB of memory)")]
    [InlineData($"$argon2id$v=19$m=64,t=0,p=1${Salt}${Hash}", "its t (passes)")]
    [InlineData($"$argon2id$v=19$m=64,t=11,p=1${Salt}${Hash}", "its t (passes)")]
    [InlineData($"$argon2id$v=19$m=64,t=1,p=4${Salt}${Hash}", "its p (lanes) is not 1")]
    [InlineData($"$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ${Hash}", "its salt has 8 bytes; for argon2id 16")]
    [InlineData($"$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA==${Hash}", "its salt is not base64 without padding")]
    [InlineData($"$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdB${Hash}", "its salt is not base64 without padding")]
    [InlineData($"$argon2id$v=19$m=64,t=1,p=1$${Hash}", "its salt has 0 bytes")]
    [InlineData($"$argon2id$v=19$m=64,t=1,p=1${Salt}$K13EBUiG7JV 9ZxztmHFTdb7J0WQsnj2V8bZaqyPptE", "its hash is not base64")]
    [InlineData($"$argon2id$v=19$m=64,t=1,p=1${Salt}$K13EBUiG7JV.9ZxztmHFTdb7J0WQsnj2V8bZaqyPptE", "its hash is not base64")]
    [InlineData($"$argon2id$v=19$m=64,t=1,p=1${Salt}$A", "its hash is not base64")]
    [InlineData($"$argon2id$v=19$m=64,t=1,p=1${Salt}$", "its hash has 0 bytes")]
    [InlineData($"$argon2id$v=19$m=64,t=1,p=1${Salt}$AAAA", "its hash has 3 bytes")]
    [InlineData($"$pbkdf2-sha256$29000${Salt}${Hash}", "is written $pbkdf2-sha256$i=")]
    [InlineData($"$pbkdf2-sha256$i=1000${Salt}", "is written $pbkdf2-sha256$i=")]
    [InlineData($"$pbkdf2-sha256$i=999${Salt}${Hash}", "its i (rounds)")]
    [InlineData($"$pbkdf2-sha256$i=10000001${Salt}${Hash}", "its i (rounds)")]
    [InlineData($"$pbkdf2-sha256$i=1000$c2FsdA${Hash}", "its salt has 4 bytes, not 8 to 64")]
    public void A_malformed_string_is_refused_with_its_reason(string phc, string reason)
    {
        Assert.False(PasswordHash.TryParse(phc, out _, out var why));
        Assert.Contains(reason, why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData("$hunter2")]
    [InlineData("$argon2id$hunter2$hunter2")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$hunter2$hunter2")]
    public void A_reason_never_repeats_the_text(string text)
    {
        Assert.False(PasswordHash.TryParse(text, out _, out var why));
        Assert.DoesNotContain("hunter2", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_near_a_valid_string_is_read_or_refused_but_never_throws()
    {
        var valid = $"$argon2id$v=19$m=64,t=1,p=1${Salt}${Hash}";
        Gen.Select(Gen.Int[0, valid.Length], Gen.Int[0, 8], Gen.String[0, 4]).Sample((at, cut, insert) =>
        {
            var text = valid.Remove(at, Math.Min(cut, valid.Length - at)).Insert(at, insert);
            return PasswordHash.TryParse(text, out var hash, out var reason)
                ? PhcString.Write(hash) == text
                : reason.Length > 0;
        });
    }
}
