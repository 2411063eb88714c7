(** Examples 1 and 2 of the paper (chapters 2 and 3). *)
Require Import Base Euclid Algorithm1.

(** ** The inverse *)

(** The matrix of ones. *)
Definition ones (F : fieldType) p : 'M[F]_p := const_mx 1.

(** The covariance of Example 2: 1 on the diagonal, [alpha] elsewhere. *)
Definition uniform (F : fieldType) p (alpha : F) : 'M[F]_p :=
  1%:M + alpha *: (ones F p - 1%:M).

(** Its inverse. *)
Definition inverse (F : fieldType) p (alpha : F) : 'M[F]_p :=
  (1 - alpha)^-1 *: (1%:M - (alpha / (1 + alpha * (p%:R - 1))) *: ones F p).

(** The inverse as the paper prints it: the second [1 - alpha] is in the wrong place. *)
Definition printed_inverse (F : fieldType) p (alpha : F) : 'M[F]_p :=
  (1 - alpha)^-1 *: 1%:M
  - (alpha * (1 - alpha) / (1 + alpha * (p%:R - 1))) *: ones F p.

Section Inverse.
Variables (F : fieldType) (p : nat) (alpha : F).
Let J := ones F p.
Let U := uniform p alpha.

Lemma JJ : J *m J = p%:R *: J.
Proof.
apply/matrixP => i j; rewrite !mxE mulr1.
by rewrite (eq_bigr (fun=> 1)) ?sumr_const ?card_ord // => l _; rewrite !mxE mulr1.
Qed.

Lemma uniform_times (x z : F) : U *m (x *: 1%:M + z *: J) =
  ((1 - alpha) * x) *: 1%:M + ((1 - alpha) * z + alpha * x + alpha * p%:R * z) *: J.
Proof.
rewrite /U /uniform -/J !(mulmxDl, mulmxDr, mulNmx, mulmxBl, mulmxBr) -?scalemxAl -?scalemxAr.
rewrite !(mulmxDl, mulmxDr, mulNmx, mulmxBl, mulmxBr) -?scalemxAl -?scalemxAr.
rewrite !mul1mx !mulmx1 JJ; apply/matrixP => i j; rewrite !mxE; by ring.
Qed.

End Inverse.

Theorem example_2_inverse (F : fieldType) p (alpha : F) :
  1 - alpha != 0 -> 1 + alpha * (p%:R - 1) != 0 ->
  uniform p alpha *m inverse p alpha = 1%:M.
Proof.
move=> a1 ap; have -> : inverse p alpha = (1 - alpha)^-1 *: 1%:M
    + (- (1 - alpha)^-1 * (alpha / (1 + alpha * (p%:R - 1)))) *: ones F p.
  by rewrite /inverse scalerBr scalerA mulNr scaleNr.
rewrite uniform_times divff // scale1r.
rewrite [X in X *: ones F p](_ : _ = 0) ?scale0r ?addr0 //; by field; rewrite a1 ap.
Qed.

Theorem example_2_printed_is_wrong (F : fieldType) p (alpha : F) : (0 < p)%N ->
  1 - alpha != 0 -> 1 + alpha * (p%:R - 1) != 0 ->
  alpha != 0 -> 2%:R - alpha != 0 ->
  uniform p alpha *m printed_inverse p alpha <> 1%:M.
Proof.
move=> p0 a1 ap a0 a2; have -> : printed_inverse p alpha = (1 - alpha)^-1 *: 1%:M
    + (- (alpha * (1 - alpha) / (1 + alpha * (p%:R - 1)))) *: ones F p.
  by rewrite /printed_inverse scaleNr.
rewrite uniform_times divff // scale1r => /matrixP /(_ (Ordinal p0) (Ordinal p0)) /eqP.
rewrite !mxE eqxx mulr1 -subr_eq0 addrC addKr.
have -> : (1 - alpha) * - (alpha * (1 - alpha) / (1 + alpha * (p%:R - 1))) + alpha / (1 - alpha)
    + alpha * p%:R * - (alpha * (1 - alpha) / (1 + alpha * (p%:R - 1)))
    = alpha ^+ 2 * (2%:R - alpha) / (1 - alpha) by field; rewrite a1 ap.
by rewrite expr2 !mulf_eq0 invr_eq0 (negbTE a0) (negbTE a1) (negbTE a2).
Qed.

(** ** The target *)

(** The alignment of feature [j] with the data, and the mean alignment of the active features. *)
Definition alignment (R : realFieldType) n p (Phi : 'M[R]_(n, p)) (y : 'cV[R]_n)
    j : R :=
  (Phi^T *m y) j 0.
Definition mean_alignment (R : realFieldType) n p (Phi : 'M[R]_(n, p))
    (y : 'cV[R]_n) (A : {set 'I_p}) : R :=
  (\sum_(j in A) alignment Phi y j) / #|A|%:R.

(** With [m] features left, IMP prunes near [beta m] times the mean alignment. *)
Definition beta (R : realFieldType) (alpha : R) (m : nat) : R :=
  m%:R * alpha / (1 - alpha + m%:R * alpha).

Section Target.
Variables (R : realFieldType) (n p : nat) (Phi : 'M[R]_(n, p)) (y : 'cV[R]_n) (alpha : R).
Hypothesis n0 : (0 < n)%N.
Hypothesis uniformly_correlated : Sigma Phi = uniform p alpha.
Hypothesis alpha0 : 0 <= alpha.
Hypothesis alpha1 : alpha < 1.

Let alignment := alignment Phi y.
Let mean_alignment := mean_alignment Phi y.
Let beta := beta alpha.

Let n0' : (n%:R : R) != 0. Proof. by rewrite pnatr_eq0 -lt0n. Qed.
Let a1 : 1 - alpha != 0. Proof. by rewrite subr_eq0 eq_sym lt_eqF. Qed.
Let den m : 1 - alpha + m%:R * alpha != 0.
Proof. by rewrite lt0r_neq0 // ltr_wpDr ?subr_gt0 // mulr_ge0 ?ler0n. Qed.

Lemma gram j l : (Phi^T *m Phi) j l = n%:R * ((1 - alpha) * (j == l)%:R + alpha).
Proof.
have := congr1 (fun M : 'M_p => n%:R * M j l) uniformly_correlated.
rewrite /Sigma /uniform !mxE mulrA divff // mul1r => ->.
by case: (j == l); rewrite ?mulr1n ?mulr0n; ring.
Qed.

Section Round.
Variables (A : {set 'I_p}) (w : 'cV[R]_p).
Hypothesis tw : trained Phi y A w.
Let W := \sum_(j in A) w j 0.

Lemma normal_equation j : j \in A -> n%:R * ((1 - alpha) * w j 0 + alpha * W) = alignment j.
Proof.
move=> jA; have [wA /(_ j jA)] := tw; rewrite /alignment /Examples12.alignment.
rewrite mulmxBr mulmxA mxE [X in _ + X]mxE => /eqP; rewrite subr_eq0 => /eqP <-.
rewrite mxE (eq_bigr (fun l => n%:R * ((1 - alpha) * ((j == l)%:R * w l 0) + alpha * w l 0)));
  last by move=> l _; rewrite gram; move: ((j == l)%:R : R) (w l 0) => *; ring.
rewrite -mulr_sumr big_split -!mulr_sumr /=; congr (_ * (_ * _ + _ * _)).
  rewrite (bigD1 j) //= eqxx mul1r big1 ?addr0 // => l /negbTE.
  by rewrite eq_sym => ->; rewrite mul0r.
by rewrite /W big_mkcond; apply: eq_bigr => l _; case: ifPn => // /wA.
Qed.

Lemma weights j : j \in A ->
  n%:R * w j 0 = (alignment j - beta #|A| * mean_alignment A) / (1 - alpha).
Proof.
move=> jA; have m0 : (#|A|%:R : R) != 0.
  by rewrite pnatr_eq0 -lt0n; apply/card_gt0P; exists j.
have sumA : n%:R * ((1 - alpha) * W + #|A|%:R * alpha * W) = \sum_(l in A) alignment l.
  rewrite -(eq_bigr _ normal_equation) -mulr_sumr big_split -mulr_sumr /= sumr_const.
  by rewrite -[(alpha * W) *+ _]mulr_natl; congr (_ * (_ + _)); rewrite mulrA.
have -> : mean_alignment A = n%:R * (1 - alpha + #|A|%:R * alpha) * W / #|A|%:R.
  by rewrite /mean_alignment /Examples12.mean_alignment -sumA; congr (_ / _); ring.
rewrite -normal_equation // /beta /Examples12.beta; by field; rewrite a1 m0 den.
Qed.

Lemma rule j : smallest A w j <->
  j \in A /\ forall i, i \in A -> `|alignment j - beta #|A| * mean_alignment A|
                               <= `|alignment i - beta #|A| * mean_alignment A|.
Proof.
have size i : i \in A -> `|alignment i - beta #|A| * mean_alignment A|
    = n%:R * (1 - alpha) * `|w i 0|.
  move=> iA; have -> : alignment i - beta #|A| * mean_alignment A = n%:R * (1 - alpha) * w i 0.
    by rewrite [RHS]mulrAC weights // divfK.
  by rewrite normrM ger0_norm // mulr_ge0 ?ler0n // subr_ge0 ltW.
have c0 : 0 < n%:R * (1 - alpha) by rewrite mulr_gt0 ?ltr0n // subr_gt0.
by split=> -[jA jmin]; split=> // i iA; have := jmin i iA; rewrite !size // ler_pM2l.
Qed.

End Round.
End Target.

(** IMP prunes the feature whose alignment is nearest to the target. *)
Theorem example_2_rule (R : realFieldType) n p (Phi : 'M[R]_(n, p)) y
    (alpha : R) A w :
  (0 < n)%N -> Sigma Phi = uniform p alpha -> 0 <= alpha -> alpha < 1 ->
  trained Phi y A w ->
  let target := beta alpha #|A| * mean_alignment Phi y A in
  forall j, smallest A w j <-> j \in A /\
    forall i, i \in A ->
      `|alignment Phi y j - target| <= `|alignment Phi y i - target|.
Proof. by move=> n0 u a0 a1 tw target j; apply: rule. Qed.

(** ** Example 1: with orthonormal features, pruning follows the alignments *)
Theorem example_1 (R : realFieldType) n p (Phi : 'M[R]_(n, p)) y A w :
  (0 < n)%N -> Sigma Phi = 1%:M -> trained Phi y A w ->
  (forall j, j \in A -> n%:R * w j 0 = alignment Phi y j) /\
  (forall j, smallest A w j <->
     j \in A /\
     forall i, i \in A -> `|alignment Phi y j| <= `|alignment Phi y i|).
Proof.
move=> n0 S1 tw; have u0 : Sigma Phi = uniform p 0 by rewrite S1 /uniform scale0r addr0.
have b0 m : beta (0 : R) m = 0 by rewrite /beta mulr0 mul0r.
split=> [j jA | j].
  by rewrite (weights n0 u0 (lexx 0) ltr01 tw jA) b0 mul0r !subr0 divr1.
rewrite (rule n0 u0 (lexx 0) ltr01 tw j) b0 mul0r subr0.
by split=> -[jA h]; split=> // i /h; rewrite !subr0.
Qed.
