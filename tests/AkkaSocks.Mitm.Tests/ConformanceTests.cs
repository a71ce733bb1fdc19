using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace AkkaSocks.Mitm.Tests;

/// <summary>What interception was shown to do before it was built, what it then ran into, and the tests that see to it that it stays so:
/// where one is gone, the row says what nobody checks any more.</summary>
public sealed class ConformanceTests
{
    /// <summary>A number, what is checked, and where: class and method, of this project or of the end-to-end tests. P are pitfalls. 29,
    /// memory, is measured (benchmark <c>intercept</c>); P15, packages that float, shows in every build.</summary>
    public static TheoryData<string, string, string[]> Rows => new()
    {
        {
            "1", "curl, HTTP/1.1 inside TLS, trusting the authority",
            ["InterceptionTests.Curl_trusts_what_it_is_shown_and_gets_the_page"]
        },
        { "2", "the same with HTTP/2", ["InterceptionTests.Curl_trusts_what_it_is_shown_and_gets_the_page"] },
        { "3", "a client is given the protocol that the origin speaks", ["InterceptionTests.A_client_is_given_what_the_origin_speaks"] },
        { "4", "HTTP/1.1 without TLS", ["InterceptionTests.Without_TLS_it_is_looked_into_as_well"] },
        { "5", "HTTP/2 by prior knowledge", ["InterceptionTests.Without_TLS_it_is_looked_into_as_well"] },
        { "6", "the request target byte for byte", ["FidelityTests.The_target_reaches_the_origin_byte_for_byte"] },
        {
            "7", "bytes beyond ASCII, long fields, HEAD, 204, gzip, origins that close",
            [
                "ExchangeApplicationTests.Fields_go_through_as_they_are_and_those_of_one_hop_do_not",
                "FidelityTests.Answers_of_all_kinds_come_as_they_are",
                "FidelityTests.An_origin_that_closes_behind_each_answer_is_dialed_again_and_the_client_hears_nothing_of_it",
            ]
        },
        {
            "8", "block, mock, fields, bodies",
            [
                "RuledExchangeTests.Block_and_mock_answer_instead_of_the_origin", "RuledExchangeTests.Fields_are_set_and_removed_both_ways",
                "RuledExchangeTests.Bodies_are_decoded_and_replaced_both_ways", "ExchangeTests.Rules_hold_and_the_verbs_show_what_happened",
            ]
        },
        {
            "9", "WebSockets by HTTP/1.1, with and without TLS, and by HTTP/2, also to an origin that knows them in HTTP/1.1 only",
            [
                "InterceptionTests.A_WebSocket_carries_large_messages_and_its_close", "WebSocketTests.Without_TLS_a_message_comes_back",
                "WebSocketTests.Within_HTTP_2_it_reaches_an_origin_that_knows_WebSockets_in_HTTP_1_1_only",
            ]
        },
        {
            "10", "messages in the archive, compressed ones too",
            ["WebSocketTests.Messages_that_were_compressed_are_exported_as_they_were_said"]
        },
        {
            "11", "gRPC: streams both ways at once, trailers",
            [
                "InterceptionTests.A_stream_goes_both_ways_at_once_and_ends_with_its_trailer", "GrpcTests.A_conversation_goes_word_by_word",
                "GrpcTests.A_call_is_answered_with_its_fields_and_trailers",
            ]
        },
        {
            "12", "events come as they happen, and the origin hears when their reader leaves",
            [
                "BrowserTests.A_page_comes_edited_with_its_WebSocket_and_its_events",
                "InterceptionTests.The_origin_hears_when_a_client_of_an_endless_answer_has_left",
            ]
        },
        {
            "13", "300 MB both ways, whole, memory stays",
            ["BulkInterceptionTests.Hundreds_of_megabytes_pass_both_ways_whole_and_memory_stays"]
        },
        {
            "14", "one connection to the origin for one of the client",
            [
                "InterceptionTests.Many_requests_of_one_client_go_by_one_connection",
                "FidelityTests.Requests_of_many_streams_at_once_go_by_one_connection",
            ]
        },
        {
            "15", "an origin whose certificate is not valid",
            [
                "FailureTests.An_origin_whose_certificate_is_for_another_name_becomes_a_page_that_says_so",
                "FailureTests.Or_what_the_settings_say",
            ]
        },
        {
            "16", "a client that does not trust the authority",
            [
                "FailureTests.A_client_that_refuses_our_certificate_is_passed_through_the_next_time",
                "BrowserTests.Without_the_import_it_warns_and_is_passed_through_the_next_time",
            ]
        },
        { "17", "names that are left out", ["UntouchedTests.An_excluded_name_shows_its_own_certificate"] },
        {
            "18", "servers that speak first, bytes of another protocol, silence",
            [
                "UntouchedTests.A_server_that_speaks_first_is_heard_and_may_be_answered",
                "UntouchedTests.What_is_no_HTTP_passes_and_half_closes",
                "SnifferTests.What_a_client_says_after_the_silence_is_carried",
            ]
        },
        {
            "19", "TLS without HTTP inside, through flows",
            [
                "UntouchedTests.TLS_without_HTTP_inside_is_opened_and_carried_whoever_speaks_first",
                "FlowsInsideTlsTests.Flows_see_what_is_inside_and_match_decides", "TunnelRelayTests.Who_reads_slowly_holds_back_who_writes",
            ]
        },
        {
            "20", "CONNECT, also of an HTTPS proxy; requests that name their authority",
            [
                "InterceptionTests.Through_CONNECT_it_is_the_same", "WaysInTests.A_tunnel_of_an_HTTPS_proxy_is_looked_into",
                "AbsoluteFormTests.A_kept_alive_client_has_one_connection_to_its_origin_and_one_session",
                "AbsoluteFormTests.Each_authority_goes_by_its_own_scope_and_egress_and_rules_answer_without_an_origin",
            ]
        },
        {
            "21", "SOCKS5 inside TLS, the client's certificate as its name",
            [
                "WaysInTests.A_login_by_certificate_is_the_user_of_the_rules",
                "WaysInTests.SOCKS5_within_TLS_is_looked_into_for_a_client_that_has_it_from_socat",
            ]
        },
        {
            "22", "proxychains, .NET's WebProxy",
            [
                "WaysInTests.A_program_that_knows_no_proxies_is_looked_into_behind_proxychains", "GrpcTests.A_stream_of_answers_is_whole",
            ]
        },
        {
            "23", "an origin that dies in the middle never looks complete",
            [
                "InterceptionTests.An_answer_that_is_cut_short_never_looks_complete",
                "ExchangeApplicationTests.Origin_that_dies_in_a_body_is_a_reset_and_no_complete_answer",
            ]
        },
        {
            "24", "an end from outside ends both sides",
            ["ExchangeTests.A_session_that_is_ended_ends_at_once_on_both_sides", "FailureTests.An_end_of_the_proxy_ends_both_sides_at_once"]
        },
        { "25", "TLS sessions are resumed", ["WaysInTests.Openssl_resumes_its_session_with_what_it_takes_for_the_origin"] },
        {
            "26", "the secrets of both sides, for Wireshark",
            ["KeyLogTests.The_secrets_of_both_sides_of_what_is_opened_are_written_and_no_others"]
        },
        { "27", "the admin API beside the private server", ["ExchangeTests.Rules_hold_and_the_verbs_show_what_happened"] },
        {
            "28", "exchanges as they end, and as an archive",
            ["ExchangeTests.Exchanges_are_told_as_they_end", "CapturedExchangeTests.An_archive_has_all_that_readers_insist_on"]
        },
        { "P1", "HTTP/2 needs an endpoint of its own", ["InterceptionTests.Without_TLS_it_is_looked_into_as_well"] },
        {
            "P2", "tickets after a handshake are no server's word",
            ["FidelityTests.A_client_that_names_no_protocol_is_looked_into_once_it_speaks"]
        },
        {
            "P3", "a connection that is gone is asked nothing",
            ["FidelityTests.An_origin_that_closes_behind_each_answer_is_dialed_again_and_the_client_hears_nothing_of_it"]
        },
        { "P4", "a client that leaves is noticed", ["InterceptionTests.The_origin_hears_when_a_client_of_an_endless_answer_has_left"] },
        { "P5", "the head does not wait for the body", ["ExchangeApplicationTests.Head_of_a_response_does_not_wait_for_its_body"] },
        {
            "P6", "an upload does not wait for more",
            ["ExchangeApplicationTests.Bytes_of_an_upload_do_not_wait_for_more_and_its_head_for_none"]
        },
        { "P7", "paths are not encoded anew", ["ExchangeApplicationTests.Request_target_reaches_the_origin_byte_for_byte"] },
        {
            "P8", "fields that a forwarder strips",
            ["ExchangeApplicationTests.Fields_go_through_as_they_are_and_those_of_one_hop_do_not"]
        },
        { "P9", "limits of a server that a proxy has not", ["ExchangeApplicationTests.Sizes_that_servers_refuse_go_through"] },
        {
            "P10", "interim answers get lost, the final one does not",
            ["ExchangeApplicationTests.Interim_answers_are_left_out_and_the_final_one_comes"]
        },
        {
            "P11", "HTTP/2 promises WebSockets that the origin does not know",
            ["WebSocketTests.Within_HTTP_2_it_reaches_an_origin_that_knows_WebSockets_in_HTTP_1_1_only"]
        },
        { "P12", "an open stream does not hold up a stop", ["FailureTests.An_end_of_the_proxy_ends_both_sides_at_once"] },
        {
            "P13", "a request's head does not wait for its body",
            ["InterceptionTests.A_stream_goes_both_ways_at_once_and_ends_with_its_trailer"]
        },
        {
            "P14", "the page about a bad certificate comes by HTTP/2 too, also to a client that speaks nothing else",
            [
                "FailureTests.An_origin_that_is_none_of_TLS_becomes_a_page_too",
                "FailureTests.A_client_that_offers_HTTP_2_alone_is_told_by_HTTP_2_that_its_origin_speaks_HTTP_1_1_alone",
            ]
        },
        { "P16", "a client that offers HTTP/1.0", ["InterceptionTests.A_client_that_offers_HTTP_1_0_gets_the_page_too"] },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_check_and_each_pitfall_has_a_test(string row, string what, string[] tests) =>
        Assert.All(tests, test => Assert.True(Exists(test), $"{row}, {what}: there is no {test}"));

    private static bool Exists(string test)
    {
        var (type, method) = (test.Split('.')[0], test.Split('.')[1]);
        return Directory.EnumerateFiles(TestsFolder(), $"{type}.cs", SearchOption.AllDirectories)
            .Any(file => Regex.IsMatch(File.ReadAllText(file), $@"    public (async )?(void|Task) {method}\("));
    }

    private static string TestsFolder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, ".."));
}
